; The Windows installer, made by wrap.py: for one person, without an administrator, nothing asked that has an answer already.
; Version, Folder (the built program) and Out are given on the command line.

#define Name "Tagline"
#define AppId "org.tagline.tagline"
#define Kind "Tagline.Project"

[Setup]
; Never changed: it is how an installer finds the version to replace.
AppId={{5E1B7A52-2C0E-4B0D-9C56-7A1D3C6B8F10}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher=The Tagline maintainers
VersionInfoVersion={#Version}
PrivilegesRequired=lowest
DefaultDirName={autopf}\{#Name}
DisableDirPage=auto
DisableProgramGroupPage=yes
DisableReadyPage=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
ChangesAssociations=yes
CloseApplications=yes
RestartApplications=no
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
SetupIconFile={#Folder}\..\..\icons\tagline.ico
UninstallDisplayIcon={app}\tagline.exe
UninstallDisplayName={#Name}
OutputDir={#Out}
OutputBaseFilename=tagline-{#Version}-windows-x86_64-setup
#ifdef Sign
SignTool=signtool
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; Files of the older version that the newer one does not have. Projects and settings are never in here.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\tagline.exe"; AppUserModelID: "{#AppId}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\tagline.exe"; AppUserModelID: "{#AppId}"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.tagline"; ValueType: string; ValueData: "{#Kind}"; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tagline\OpenWithProgids"; ValueType: string; ValueName: "{#Kind}"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\{#Kind}"; ValueType: string; ValueData: "Tagline project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#Kind}\DefaultIcon"; ValueType: string; ValueData: "{app}\tagline.exe,0"
Root: HKA; Subkey: "Software\Classes\{#Kind}\shell\open\command"; ValueType: string; ValueData: """{app}\tagline.exe"" ""%1"""

[Run]
Filename: "{app}\tagline.exe"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent
