#!/usr/bin/env bash
# A memory card as readers have it: FAT32, in a file, mounted without the kernel's help. Loads a
# book, replaces it, fills the card, pulls it out and looks at what is left with other tools.
#
# usage: card.sh CORDEL WORK FULL PRECIS   the program, a folder to work in, two forms of a book
set -euo pipefail
cordel=$(realpath "$1") work=$2 full=$3 precis=$4
name=$(basename "$full" .epub).kepub.epub
card=$work/card.img
fail() { echo "card.sh: $*" >&2; exit 1; }
put_in() {
  fusefat -f -o rw+ "$card" "$work/media/card" >/dev/null 2>&1 & driver=$!
  for _ in $(seq 100); do mountpoint -q "$work/media/card" && return; sleep 0.1; done
  fail "the card cannot be mounted"
}
pull_out() {
  fusermount -u "$work/media/card"
  wait "$driver"  # It writes until it ends.
  fsck.fat -n "$card" > "$work/said" || fail "the card is damaged: $(cat "$work/said")"
}
on_card() { mcopy -n -o -i "$card" "::$name" - | sha256sum; }
load() { "$cordel" load --media "$work/media" "$@" 2> "$work/said"; }

rm -rf "$work" && mkdir -p "$work/media/card"
truncate -s 40M "$card"
mkfs.fat -F 32 "$card" >/dev/null
mmd -i "$card" ::.kobo
printf 'N000000000000' | mcopy -i "$card" - ::.kobo/version
trap 'fusermount -uq "$work/media/card" || true' EXIT

put_in
[[ $(load "$full") == *"$name: loaded, read back and compared"* ]] || fail "not loaded"
pull_out
first=$(on_card)
[ "$first" = "$(sha256sum < "${full%.epub}.kepub.epub")" ] || fail "not the book that was loaded"

put_in
"$cordel" load --quiet --media "$work/media" "$precis"
pull_out
second=$(on_card)
[ "$first" != "$second" ] || fail "not replaced"

put_in
head -c 60M /dev/zero > "$work/media/card/filler" 2>/dev/null || true
if load "$full" >/dev/null; then fail "a full card took a book"; fi
grep -q "older copy of the book is as it was" "$work/said" || fail "a full card: $(cat "$work/said")"
pull_out
[ "$(on_card)" = "$second" ] || fail "the older copy was lost"

put_in
rm "$work/media/card/filler"
"$cordel" load --quiet --media "$work/media" --remove "$full"
pull_out
mdir -b -i "$card" -/ :: | grep -q epub && fail "not removed"
echo "a card of FAT32: loaded, replaced, kept when full, removed; undamaged each time"
