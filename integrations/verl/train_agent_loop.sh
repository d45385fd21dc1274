#!/usr/bin/env bash
# GRPO in verl on several turns, with Pentimento's agent loop, on one node of eight GPUs. The rows are those of rows.py
# with --policy '{"maxIterations": 3}': bash train_agent_loop.sh ROWS [more settings]
# The length of a response holds the replies and all prompts but the first, with their images of 256 tokens at most.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"

bash "$here/train.sh" "$1" \
  data.train_batch_size=64 \
  data.max_response_length=20480 \
  ++data.mm_processor_kwargs.max_pixels=200704 \
  actor_rollout_ref.actor.ppo_mini_batch_size=16 \
  actor_rollout_ref.actor.ppo_max_token_len_per_gpu=24576 \
  actor_rollout_ref.rollout.agent.agent_loop_config_path="$here/pentimento_agent_loop.yaml" \
  actor_rollout_ref.rollout.agent.default_agent_loop=pentimento \
  ++actor_rollout_ref.rollout.limit_images=64 \
  actor_rollout_ref.rollout.multi_turn.enable=True \
  trainer.experiment_name=pentimento-agent-loop \
  "${@:2}"
