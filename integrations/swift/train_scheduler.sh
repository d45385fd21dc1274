#!/usr/bin/env bash
# GRPO in ms-swift on several turns, with Pentimento's scheduler, on four GPUs. The rows are those of rows.py with
# --policy '{"maxIterations": 3}': bash train_scheduler.sh ROWS [more settings]
# The length of the model holds the replies and the prompts of all turns, with their images of 256 tokens at most.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rows=$(cd "$1" && pwd)/rows.jsonl
shift
export PENTIMENTO_URL=${PENTIMENTO_URL:-http://127.0.0.1:7400}

NPROC_PER_NODE=4 MAX_PIXELS=200704 swift rlhf \
  --rlhf_type grpo \
  --model Qwen/Qwen2.5-VL-7B-Instruct \
  --tuner_type lora \
  --torch_dtype bfloat16 \
  --dataset "$rows" \
  --external_plugins "$here/pentimento_scheduler.py" \
  --multi_turn_scheduler pentimento \
  --use_gym_env true \
  --max_turns 3 \
  --loss_scale default \
  --use_vllm true \
  --vllm_mode colocate \
  --vllm_gpu_memory_utilization 0.5 \
  --vllm_max_model_len 24576 \
  --vllm_limit_mm_per_prompt '{"image": 64}' \
  --max_length 20480 \
  --max_completion_length 4096 \
  --num_generations 8 \
  --per_device_train_batch_size 1 \
  --gradient_accumulation_steps 8 \
  --learning_rate 1e-6 \
  --num_train_epochs 1 \
  --logging_steps 1 \
  --save_steps 100 \
  --report_to none \
  --output_dir output \
  "$@"
