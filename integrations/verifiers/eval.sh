#!/usr/bin/env bash
# Rollouts of a model behind any server of chat completions, with the environment of verifiers. The rows are those of
# rows.py with --policy '{"maxIterations": 3}': bash eval.sh ROWS [more options of vf-eval]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rows=$(cd "$1" && pwd)/rows.jsonl
shift
export PENTIMENTO_URL=${PENTIMENTO_URL:-http://127.0.0.1:7400}
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"

vf-eval pentimento-environment \
  --env-args "{\"rows\": \"$rows\"}" \
  --model "${MODEL:-Qwen/Qwen2.5-VL-7B-Instruct}" \
  --api-base-url "${MODEL_URL:-http://127.0.0.1:8000/v1}" \
  --num-examples -1 \
  --rollouts-per-example 4 \
  --max-concurrent 32 \
  --max-tokens 4096 \
  "$@"
