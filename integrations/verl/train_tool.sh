#!/usr/bin/env bash
# GRPO in verl on several turns, with Pentimento as a tool, on one node of eight GPUs. The rows are those of rows.py with
# --policy '{"maxIterations": 3}' --question 'Draw this image with {} code, and submit it until it is right.':
# bash train_tool.sh ROWS [more settings]
# The chat template of the model must have tools, as Qwen3-VL's has and Qwen2.5-VL's has not.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"

bash "$here/train.sh" "$1" \
  data.train_batch_size=64 \
  data.max_response_length=20480 \
  ++data.mm_processor_kwargs.max_pixels=200704 \
  actor_rollout_ref.model.path=Qwen/Qwen3-VL-4B-Instruct \
  actor_rollout_ref.actor.ppo_mini_batch_size=16 \
  actor_rollout_ref.actor.ppo_max_token_len_per_gpu=24576 \
  actor_rollout_ref.rollout.agent.default_agent_loop=tool_agent \
  ++actor_rollout_ref.rollout.limit_images=64 \
  actor_rollout_ref.rollout.multi_turn.enable=True \
  actor_rollout_ref.rollout.multi_turn.format=hermes \
  actor_rollout_ref.rollout.multi_turn.max_assistant_turns=4 \
  actor_rollout_ref.rollout.multi_turn.max_tool_response_length=65536 \
  actor_rollout_ref.rollout.multi_turn.tool_config_path="$here/pentimento_tool.yaml" \
  reward.custom_reward_function.path="$here/pentimento_tool.py" \
  trainer.experiment_name=pentimento-tool \
  "${@:2}"
