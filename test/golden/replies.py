#!/usr/bin/env python3
"""What the published reward takes out of replies: extract_code of VinciCoder's examples/reward_function/vincicoder.py, as it is there.

Reads a JSON list of {"form", "name", "reply"} from stdin, and writes a JSON object by form of the last code, null where there is none.
"""
import json, re, sys


def extract_code(language_name, response):
    pattern = re.compile(rf"```{language_name}\s*(.*?)\s*```", re.DOTALL)
    return pattern.findall(response)


def last(codes):
    return codes[-1] if codes else None


json.dump({form["form"]: last(extract_code(form["name"], form["reply"])) for form in json.load(sys.stdin)}, sys.stdout)
