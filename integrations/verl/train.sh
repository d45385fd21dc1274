#!/usr/bin/env bash
# GRPO in verl with Pentimento's reward, on one node of eight GPUs, with the folder that rows.py has written:
# bash train.sh ROWS [more settings]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rows=$(cd "$1" && pwd)/rows.jsonl
shift
export PENTIMENTO_URL=${PENTIMENTO_URL:-http://127.0.0.1:7400}

python3 -m verl.trainer.main_ppo \
  algorithm.adv_estimator=grpo \
  data.train_files="$rows" \
  data.val_files="$rows" \
  data.image_key=images \
  data.train_batch_size=128 \
  data.max_prompt_length=4096 \
  data.max_response_length=4096 \
  data.filter_overlong_prompts=True \
  data.truncation=error \
  actor_rollout_ref.model.path=Qwen/Qwen2.5-VL-7B-Instruct \
  actor_rollout_ref.model.enable_gradient_checkpointing=True \
  actor_rollout_ref.actor.optim.lr=1e-6 \
  actor_rollout_ref.actor.ppo_mini_batch_size=32 \
  actor_rollout_ref.actor.use_dynamic_bsz=True \
  actor_rollout_ref.actor.ppo_max_token_len_per_gpu=24576 \
  actor_rollout_ref.rollout.name=vllm \
  actor_rollout_ref.rollout.n=5 \
  actor_rollout_ref.rollout.tensor_model_parallel_size=2 \
  actor_rollout_ref.rollout.gpu_memory_utilization=0.6 \
  actor_rollout_ref.rollout.log_prob_use_dynamic_bsz=True \
  reward.custom_reward_function.path="$here/pentimento_reward.py" \
  reward.custom_reward_function.name=compute_score \
  trainer.logger='["console"]' \
  trainer.experiment_name=pentimento \
  trainer.n_gpus_per_node=8 \
  trainer.nnodes=1 \
  trainer.test_freq=-1 \
  trainer.val_before_train=False \
  "$@"
