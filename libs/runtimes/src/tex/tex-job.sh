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

report() {
  : >layout
  if [ $status = 0 ] && [ -f main.pdf ]; then
    pdftotext -bbox-layout -f 1 -l 1 main.pdf - 2>/dev/null | head -c 4194304 >layout
  fi
  tail -c 65536 main.log >log 2>/dev/null
  head -c 16384 terminal >output
  # shellcheck disable=SC2046 # three sizes, three words
  echo "$status" $(stat -c %s log output layout)
  cat log output layout
}
# XeTeX reads the first bytes of a file twice, which is impossible with a pipe.
if [ "$1" = xelatex ]; then run_on_demand "$@"; else run_ahead "$@"; fi
report
while read -r verb density; do
  case $verb in
    again)
      run "$@"
      report
      ;;
    render) exec pdftoppm -r "$density" -f 1 -l 1 -singlefile main.pdf 2>/dev/null ;;
  esac
done
