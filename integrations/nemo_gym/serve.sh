#!/usr/bin/env bash
# Starts the servers of Pentimento in NeMo Gym: bash serve.sh GYM [more options of gym env start]
# GYM is a checkout of Gym whose env.yaml names a server of vLLM, and its Python environment is active. Then, in GYM, with
# the rows that rows.py has written with --trainer nemo_gym --policy '{"maxIterations": 3}':
# gym eval run --no-serve --agent pentimento_agent --input ROWS/rows.jsonl --output rollouts.jsonl --num-repeats 8
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PENTIMENTO_URL=${PENTIMENTO_URL:-http://127.0.0.1:7400}

cp -r "$here/resources_servers" "$here/responses_api_agents" "$1"
cd "$1"
exec gym env start \
  --config resources_servers/pentimento/configs/pentimento.yaml \
  --config responses_api_models/vllm_model/configs/vllm_model_for_training.yaml \
  "${@:2}"
