# shellcheck shell=sh
# Typesets one document. Arguments: a folder to work in, then TeX's command line without the file. Commands are lines on stdin,
# answers go to stdout. TeX starts at once and waits at a pipe for the document, so that its format is loaded before that arrives.
cd "$1" || exit 1
shift

run() {
  "$@" main.tex </dev/null >terminal 2>&1
  status=$?
}

# The pipe has the name of the document, and the document replaces it once TeX has opened it.
run_ahead() {
  mkfifo main.tex || exit 1
  "$@" main.tex </dev/null >terminal 2>&1 &
  tex=$!
  echo ready
  read -r size || { kill -KILL $tex; exit; }
  head -c "$size" >document
  { exec 4>main.tex && mv -f document main.tex && cat main.tex >&4; } 2>/dev/null &
  feeder=$!
  wait $tex
  status=$?
  kill $feeder 2>/dev/null
}

run_on_demand() {
  echo ready
  read -r size || exit
  head -c "$size" >main.tex
  run "$@"
}

# The sizes of files in a line, then the files.
answer() {
  # shellcheck disable=SC2005,SC2046 # the sizes in one line
  echo $(stat -c %s "$@")
  cat "$@"
}

report() {
  tail -c 65536 main.log >log 2>/dev/null
  head -c 16384 terminal >output
  echo "$status"
  answer log output
}

# Arguments: a page. Its size and its text.
layout() {
  pdftotext -bbox-layout -f "$1" -l "$1" main.pdf - 2>/dev/null | head -c 4194304 >layout
  answer layout
}

# Arguments: a page, a density, and parts of the page by left, top, width and height in pixels; all zero for the whole of it.
# Without the frames of links, which a page loses that is cropped.
gray() {
  page=$1 density=$2 files=
  shift 2
  while [ $# -ge 4 ]; do
    files="$files gray$#"
    pdftoppm -hide-annotations -r "$density" -gray -x "$1" -y "$2" -W "$3" -H "$4" -f "$page" -l "$page" -singlefile main.pdf >"gray$#" 2>/dev/null &
    shift 4
  done
  wait
  # shellcheck disable=SC2086 # one word a file
  answer $files
}

# Arguments: a page, and the left, bottom, right and top of a part of it in points. The part becomes what is shown, as pdfcrop makes it.
crop() {
  cat >crop.tex <<END
\catcode123=1 \catcode125=2 \pdfoutput=1 \pdfminorversion=7
\setbox0\hbox{\pdfximage page $1 mediabox{main.pdf}\pdfrefximage\pdflastximage}
\pdfhorigin=-$2bp \pdfvorigin=$3bp
\pdfpagewidth=$4bp \advance\pdfpagewidth by -$2bp
\pdfpageheight=$5bp \advance\pdfpageheight by -$3bp
\ht0=\pdfpageheight \shipout\box0 \end
END
  pdftex -ini -etex -no-shell-escape -halt-on-error -interaction=batchmode crop.tex </dev/null >/dev/null 2>&1
  shown=crop.pdf
}

# Arguments: a page of what is shown, and a density.
render() {
  exec pdftoppm -r "$2" -f "$1" -l "$1" -singlefile "$shown" 2>/dev/null
}

# XeTeX reads the first bytes of a file twice, which is impossible with a pipe.
if [ "$1" = xelatex ]; then run_on_demand "$@"; else run_ahead "$@"; fi
report
shown=main.pdf
while read -r verb numbers; do
  # shellcheck disable=SC2086 # one word a number
  case $verb in
    again)
      run "$@"
      report
      ;;
    layout) layout $numbers ;;
    gray) gray $numbers ;;
    crop) crop $numbers ;;
    render) render $numbers ;;
  esac
done
