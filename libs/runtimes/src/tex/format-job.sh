# shellcheck shell=sh
# Makes a format. Arguments: a folder to work in, then TeX's command line without the file. On stdin: the length of the source in a
# line, and the source. On stdout: the format, uncompressed.
cd "$1" || exit 1
shift
read -r size || exit 1
head -c "$size" >main.tex
# No render waits for a format, and none may lose much of its time to one: a preamble may loop.
prlimit --cpu=4 nice -n 10 "$@" main.tex </dev/null >/dev/null 2>&1 || exit 1
exec gzip -cd main.fmt
