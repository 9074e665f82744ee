#!/bin/sh
# Puts Tagline into the menu of this person and makes it open .tagline files: run it from where the folder is to stay.
# `add-to-menu.sh --remove` takes both away again. Projects and settings are not touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
(cd "$here/share" && find . -type f) | while IFS= read -r file; do
    if [ "${1:-}" = --remove ]; then
        rm -f "$data/$file"
    else
        mkdir -p "$(dirname "$data/$file")"
        cp "$here/share/$file" "$data/$file"
    fi
done
entry=$data/applications/org.tagline.tagline.desktop
if [ -f "$entry" ]; then
    quoted=$(printf '%s' "$here/tagline" | sed 's/[\\"`$]/\\&/g; s/[&|\\]/\\&/g; s/%/%%/g')
    sed -i "s|^Exec=.*|Exec=\"$quoted\" %f|; s|^TryExec=.*|TryExec=$quoted|" "$entry"
fi
for made in "update-desktop-database $data/applications" "update-mime-database $data/mime"; do
    program=${made%% *}
    if command -v "$program" > /dev/null; then "$program" "${made#* }" || echo "$program did not work" >&2; fi
done
