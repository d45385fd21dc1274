#!/usr/bin/env bash
# GRPO in EasyR1 with Pentimento's reward, on one node of eight GPUs. Run it in a checkout of hiyouga/EasyR1 (or of
# DocTron-hub/VinciCoder) with the folder that rows.py has written: bash train.sh ROWS [more settings]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rows=$(cd "$1" && pwd)/rows.jsonl
shift
export PENTIMENTO_URL=${PENTIMENTO_URL:-http://127.0.0.1:7400}

python3 -m verl.trainer.main \
  config=examples/config.yaml \
  data.train_files="$rows" \
  data.val_files="$rows" \
  data.format_prompt=null \
  data.max_prompt_length=4096 \
  data.max_response_length=4096 \
  data.rollout_batch_size=128 \
  worker.actor.model.model_path=Qwen/Qwen2.5-VL-7B-Instruct \
  worker.rollout.limit_images=1 \
  worker.reward.reward_function="$here/pentimento_reward.py:compute_score" \
  trainer.experiment_name=pentimento \
  trainer.val_before_train=false \
  trainer.val_freq=-1 \
  "$@"
