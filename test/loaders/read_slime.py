#!/usr/bin/env python3
"""Reads a file of slime samples as slime does, and prints what it trains on as JSON.

Follows THUDM/slime, commit 624b824 (Apache-2.0): slime/utils/types.py (Sample.from_dict, _validate_response_metadata_lengths),
slime/utils/processing_utils.py (_extract_images_from_messages) and slime/ray/rollout.py (_convert_samples_to_train_data). Where the package
itself can be imported, its own `Sample.from_dict` reads each line too.
"""
import json, pathlib, sys

STATUS = {"pending", "completed", "truncated", "aborted", "failed"}
FIELDS = {
    "group_index", "index", "rollout_id", "prompt", "tokens", "multimodal_inputs", "multimodal_train_inputs",
    "multimodal_train_input_id", "apply_chat_template_kwargs", "response", "response_length", "label", "reward", "loss_mask",
    "weight_versions", "rollout_log_probs", "remove_sample", "teacher_log_probs", "status", "metadata", "generate_function_path",
    "custom_rm_path", "train_metadata", "session_id",
}


def images_of(messages):
    """The images of a prompt in order, each the path of a file."""
    parts = [part for message in messages for part in message["content"]]
    return [part["image"] for part in parts if part.get("type") == "image"]


def read_sample(data, folder):
    unknown = set(data) - FIELDS
    assert not unknown, f"from_dict would set {unknown} as plain attributes"
    assert data["status"] in STATUS
    length = data["response_length"]
    assert len(data["loss_mask"]) == length, "loss_mask length != response_length"
    assert len(data["rollout_log_probs"]) == length, "rollout_log_probs length != response_length"
    assert len(data["tokens"]) > length
    assert all(isinstance(version, str) for version in data["weight_versions"])
    assert isinstance(data["label"], str) and isinstance(data["reward"], (int, float))
    # These keys of the metadata would change how slime trains.
    assert not {"raw_reward", "round_number"} & set(data["metadata"])
    images = images_of(data["prompt"])
    assert images == data["multimodal_inputs"]["images"]
    assert all((folder / image).is_file() for image in images)
    return {
        "group_index": data["group_index"],
        "index": data["index"],
        "tokens": data["tokens"],
        "response": data["tokens"][-length:],
        "log_probs": data["rollout_log_probs"],
        "reward": data["reward"],
        "images": images,
        "placeholders": data["metadata"]["image_placeholders"],
    }


def main():
    path = pathlib.Path(sys.argv[1])
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    samples = [read_sample(row, path.parent) for row in rows]
    assert len({sample["index"] for sample in samples}) == len(samples), "samples share an index"
    groups = [sample["group_index"] for sample in samples]
    assert groups == sorted(groups), "the samples of a group do not follow each other"
    try:
        from slime.utils.types import Sample

        reader = "slime"
        for row in rows:
            sample = Sample.from_dict(row)
            sample._validate_response_metadata_lengths()
            assert sample.effective_response_length == row["response_length"]
    except ImportError:
        reader = "standard library"
    json.dump({"reader": reader, "samples": samples}, sys.stdout)


main()
