#!/usr/bin/env python3
"""Reads `traces.jsonl` of an export as verifiers does, and prints what a trainer takes from it as JSON.

Follows PrimeIntellect-ai/verifiers, commit a60a606 (MIT): verifiers/v1/episode.py (Episode, PolicySpan), trace.py (Trace, Branch,
Reward, ModelCall), graph.py (MessageNode, leaves), types.py (messages, Usage) and task.py (task_key). Where the package itself can be
imported, its own models read each line too, and must agree.
"""
import hashlib, json, pathlib, sys

NONE = type(None)
NUMBER = (int, float)

EPISODE = {"id": str, "env": dict, "task": dict, "group": dict, "run": dict, "ok": bool, "errors": list, "traces": list}
TRACE = {
    "version": int, "id": str, "verifiers": dict, "task": dict, "agent": dict, "nodes": list, "calls": list, "rewards": dict,
    "metrics": dict, "info": dict, "is_completed": bool, "ok": bool, "stop_condition": str, "errors": list, "timing": dict,
}
NODE = {
    "parent": (int, NONE), "message": dict, "sampled": bool, "timestamp": NUMBER, "token_ids": list, "mask": list, "logprobs": list,
}
TASK = {"type": str, "data": dict, "key": str, "hash": str}
CALL = {"node": (int, NONE), "model": str, "sampling": dict, "endpoint": str}
USAGE = {"prompt_tokens": int, "completion_tokens": int, "cost": NUMBER + (NONE,)}


def check(value, fields, optional=()):
    """The value has these fields with these types, and no others: pydantic would drop an unknown one in silence."""
    missing = set(fields) - set(value)
    unknown = set(value) - set(fields) - set(optional)
    assert not missing and not unknown, f"missing {missing}, unknown {unknown}"
    for name, types in fields.items():
        assert isinstance(value[name], types), f"{name} is {value[name]!r}"


def task_key(data):
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def check_task(task):
    check(task, TASK)
    assert task["hash"] == task_key(task["data"])
    assert "image" not in task["data"], "TaskData.image is a container image"


def check_run(run):
    assert run["type"] in ("train", "eval") and isinstance(run["id"], str)
    if run["type"] == "eval":
        return check(run, {"type": str, "id": str})
    check(run, {"type": str, "id": str, "work": dict})
    check(run["work"], {"type": str, "step": int, "policy": dict})
    span = run["work"]["policy"]
    check(span, {"start": int, "end": int})
    assert span["end"] >= span["start"], "policy span end must be at least its start"


def check_message(message):
    role, content = message["role"], message["content"]
    if role == "assistant":
        assert isinstance(content, str)
        return check(message, {"role": str, "content": str}, {"reasoning_content"})
    assert role in ("system", "user"), role
    check(message, {"role": str, "content": (str, list)})
    for part in content if isinstance(content, list) else []:
        if part["type"] == "text":
            check(part, {"type": str, "text": str})
        else:
            check(part, {"type": str, "image_url": dict})
            assert part["type"] == "image_url" and part["image_url"]["url"].startswith("data:image/png;base64,")


def branches(nodes):
    parents = {node["parent"] for node in nodes}
    for leaf in (index for index in range(len(nodes)) if index not in parents):
        path, at = [], leaf
        while at is not None:
            path.append(nodes[at])
            at = nodes[at]["parent"]
        yield path[::-1]


def spread(path):
    """Branch.logprobs: those of the sampled tokens in their places, 0.0 elsewhere."""
    out = []
    for node in path:
        values = iter(node["logprobs"])
        out += [next(values) if sampled else 0.0 for sampled in node["mask"]]
    return out


def read_trace(trace):
    check(trace, TRACE)
    assert trace["version"] == 1
    check_task(trace["task"])
    check(trace["agent"], {"config": dict, "name": str, "trainable": bool})
    for index, node in enumerate(trace["nodes"]):
        check(node, NODE)
        check_message(node["message"])
        assert node["parent"] is None or 0 <= node["parent"] < index
        assert len(node["mask"]) == len(node["token_ids"]) and len(node["logprobs"]) == sum(node["mask"])
        assert node["sampled"] or not any(node["mask"])
    for call in trace["calls"]:
        check(call, CALL, {"finish_reason", "usage", "error"})
        assert call.get("finish_reason") in ("stop", "length", "tool_calls", None)
        if call.get("usage"):
            check(call["usage"], USAGE)
        if call["node"] is not None:
            assert trace["nodes"][call["node"]]["sampled"]
    for reward in trace["rewards"].values():
        check(reward, {"score": NUMBER, "weight": NUMBER})
    assert all(isinstance(value, NUMBER + (NONE,)) for value in trace["metrics"].values())
    turn_rewards = trace["info"]["turn_rewards"]
    assert len(turn_rewards) == sum(node["sampled"] for node in trace["nodes"])
    paths = list(branches(trace["nodes"]))
    return {
        "id": trace["id"],
        "reward": sum(reward["score"] * reward["weight"] for reward in trace["rewards"].values()),
        "turn_rewards": turn_rewards,
        "placeholders": [turn["image_placeholders"] for turn in trace["info"]["turns"]],
        "images": [
            part["image_url"]["url"]
            for path in paths
            for node in path
            if isinstance(node["message"]["content"], list)
            for part in node["message"]["content"]
            if part["type"] == "image_url"
        ],
        "branches": [
            {
                "token_ids": [token for node in path for token in node["token_ids"]],
                "mask": [sampled for node in path for sampled in node["mask"]],
                "logprobs": spread(path),
            }
            for path in paths
        ],
    }


def read_episode(line):
    episode = json.loads(line)
    check(episode, EPISODE)
    check(episode["env"], {"id": str, "name": str})
    check(episode["group"], {"id": str})
    check_run(episode["run"])
    check_task(episode["task"])
    traces = [read_trace(trace) for trace in episode["traces"]]
    return {"id": episode["id"], "group": episode["group"]["id"], "run": episode["run"], "traces": traces}


def package_model():
    """verifiers' own model of an episode, or None where there is no such package."""
    try:
        from verifiers.v1.episode import WireEpisode
    except ImportError:
        return None
    return WireEpisode


def compare_with_package(model, line, read):
    episode = model.model_validate(json.loads(line))
    for trace, ours in zip(episode.traces, read["traces"], strict=True):
        assert trace.reward == ours["reward"]
        for branch, expected in zip(trace.branches, ours["branches"], strict=True):
            assert branch.token_ids == expected["token_ids"]
            assert branch.sampled_mask == expected["mask"]
            assert branch.logprobs == expected["logprobs"]


def main():
    lines = list(pathlib.Path(sys.argv[1]).open(encoding="utf-8"))
    episodes = [read_episode(line) for line in lines]
    model = package_model()
    for line, read in zip(lines, episodes, strict=True) if model else ():
        compare_with_package(model, line, read)
    json.dump({"reader": "verifiers" if model else "standard library", "episodes": episodes}, sys.stdout)


main()
