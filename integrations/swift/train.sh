#!/usr/bin/env bash
# GRPO in ms-swift with Pentimento's reward, on four GPUs, with the folder that rows.py has written:
# bash train.sh ROWS [more settings]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rows=$(cd "$1" && pwd)/rows.jsonl
shift
export PENTIMENTO_URL=${PENTIMENTO_URL:-http://127.0.0.1:7400}

NPROC_PER_NODE=4 MAX_PIXELS=1003520 swift rlhf \
  --rlhf_type grpo \
  --model Qwen/Qwen2.5-VL-7B-Instruct \
  --tuner_type lora \
  --torch_dtype bfloat16 \
  --dataset "$rows" \
  --external_plugins "$here/pentimento_reward.py" \
  --reward_funcs pentimento \
  --use_vllm true \
  --vllm_mode colocate \
  --vllm_gpu_memory_utilization 0.5 \
  --vllm_max_model_len 8192 \
  --max_completion_length 4096 \
  --num_generations 8 \
  --per_device_train_batch_size 2 \
  --gradient_accumulation_steps 4 \
  --learning_rate 1e-6 \
  --num_train_epochs 1 \
  --logging_steps 1 \
  --save_steps 100 \
  --report_to none \
  --output_dir output \
  "$@"
