#!/bin/sh
# Stands in for a chapter: prints the text and draws the figures that lie beside its name, and ends
# with the status that lies there.
case "$1" in
--help)
  [ ! -f "$0.help" ] || cat "$0.help"
  exit 0
  ;;
--all) shift ;;
esac
cat "$0.txt"
if [ -d "$0.figures" ]; then
  mkdir -p "$2"
  cp "$0.figures"/* "$2"
  for figure in "$0.figures"/*; do printf 'figure: %s\n\n' "$2/$(basename "$figure")"; done
fi
if [ -f "$0.status" ]; then
  echo "out of ink" >&2
  exit "$(cat "$0.status")"
fi
