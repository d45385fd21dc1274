#!/usr/bin/env python3
"""Reads visual-reflection trajectories as verl-omni does, and prints their states and steps as JSON.

Follows verl-project/verl-omni, commit a1139ba (Apache-2.0): verl_omni/utils/dataset/visual_reflection/contracts.py (validate_trajectory,
derive_trajectory_id) and images.py (validate_image_asset). Where the package itself can be imported, its own functions read each line too.
"""
import hashlib, json, pathlib, re, sys

KEYS = {"trajectory_id", "manifest_id", "source_dataset", "source_record_id", "pipeline_variant", "prompt", "images", "steps"}
HEADER = re.compile(r"^(Reflection|Action|Edit):", re.MULTILINE)


def normal_text(value):
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    assert text == value, "the text changes when it is normalized"
    return text


def check_step(step, is_last):
    assert set(step) == {"reflection", "action", "edit"}
    assert normal_text(step["reflection"])
    assert step["action"] == ("stop" if is_last else "continue")
    assert bool(normal_text(step["edit"])) != is_last, "a step that continues has an edit, and one that stops has none"
    assert not HEADER.search(step["reflection"]) and not HEADER.search(step["edit"])


def trajectory_id(row):
    content = {key: row[key] for key in KEYS - {"trajectory_id"}}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return "traj_" + hashlib.sha256(f"visual_reflection_v1\0{canonical}".encode()).hexdigest()


def read_trajectory(row, folder):
    assert set(row) == KEYS
    assert row["pipeline_variant"] in {"direct_parse", "pair_0_1_turn", "prompt_k_turn"}
    assert normal_text(row["prompt"])
    assert row["images"] and len(row["images"]) == len(row["steps"])
    for index, step in enumerate(row["steps"]):
        check_step(step, index == len(row["steps"]) - 1)
    for image in row["images"]:
        assert set(image) == {"uri", "sha256"}
        assert hashlib.sha256((folder / image["uri"]).read_bytes()).hexdigest() == image["sha256"]
    assert row["trajectory_id"] == trajectory_id(row)
    target = re.search(r"images/[0-9a-f]{64}\.png", row["prompt"])
    assert target and (folder / target[0]).is_file(), "the prompt names the file of the target"
    return {"id": row["source_record_id"], "states": [image["sha256"] for image in row["images"]], "steps": row["steps"]}


def main():
    path = pathlib.Path(sys.argv[1])
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    read = [read_trajectory(row, path.parent) for row in rows]
    try:
        from verl_omni.utils.dataset.visual_reflection.contracts import validate_trajectory
        from verl_omni.utils.dataset.visual_reflection.images import validate_image_asset

        reader = "verl-omni"
        for row in rows:
            assert validate_trajectory(row) == row
            for image in row["images"]:
                assert validate_image_asset(image, asset_root=path.parent) == image
    except ImportError:
        reader = "standard library"
    json.dump({"reader": reader, "trajectories": read}, sys.stdout)


main()
