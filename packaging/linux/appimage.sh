#!/bin/sh
# Makes an AppImage from the archive that build.py made: appimage.sh dist/tagline-*-linux-*.tar.xz OUT
# Needs appimagetool with its runtime (APPIMAGETOOL names it); fetch a release of it once and check its sum. The file runs where
# FUSE is, else with --appimage-extract-and-run. Build on the oldest system it is to run on.
set -eu
[ $# -eq 2 ] || { echo "usage: appimage.sh ARCHIVE OUT" >&2; exit 2; }
archive=$1 out=$2
tool=${APPIMAGETOOL:-appimagetool}
id=org.tagline.tagline
command -v "$tool" > /dev/null || { echo "appimage.sh: $tool is not there: set APPIMAGETOOL" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/AppDir/usr/lib/tagline"
tar -xf "$archive" -C "$folder/AppDir/usr/lib/tagline" --strip-components=1
mv "$folder/AppDir/usr/lib/tagline/share" "$folder/AppDir/usr/share"
rm "$folder/AppDir/usr/lib/tagline/add-to-menu.sh"
cp "$folder/AppDir/usr/share/applications/$id.desktop" "$folder/AppDir/$id.desktop"
cp "$folder/AppDir/usr/share/icons/hicolor/256x256/apps/$id.png" "$folder/AppDir/$id.png"
ln -s "$id.png" "$folder/AppDir/.DirIcon"
cat > "$folder/AppDir/AppRun" << 'RUN'
#!/bin/sh
# The name it was called by decides: a link called tagline-cli is the command line.
here=$(dirname "$(readlink -f "$0")")
case ${ARGV0:-} in
*tagline-cli) exec "$here/usr/lib/tagline/tagline-cli" "$@" ;;
*) exec "$here/usr/lib/tagline/tagline" "$@" ;;
esac
RUN
chmod +x "$folder/AppDir/AppRun"
version=$(basename "$archive" | sed 's/^tagline-\([^-]*\)-.*/\1/')
ARCH=$(uname -m) SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$archive")} \
    "$tool" --no-appstream "$folder/AppDir" "$out/tagline-$version-$(uname -m).AppImage"
