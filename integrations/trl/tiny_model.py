"""A tiny vision-language model with random weights: Qwen2.5-VL's architecture, Qwen3-VL's chat template, which has
tools, and a tokenizer that is trained here.

It shows that a training run holds together, on a CPU and without a download. Whole replies are single tokens of its
vocabulary, so that a model that has learned nothing writes code that renders, and rewards differ.
"""
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2VLImageProcessorPil,
)
from trl.chat_template_utils import qwen3_vl_chat_template

NAMES = ('endoftext', 'im_start', 'im_end', 'vision_start', 'vision_end', 'image_pad', 'video_pad')
SPECIAL = [f'<|{name}|>' for name in NAMES]
PATCH = 28


class TinyProcessor(Qwen2_5_VLProcessor):
    """Qwen2.5-VL's processor without videos, whose own processor needs torchvision."""

    def __init__(self, image_processor=None, tokenizer=None, chat_template=None, **kwargs):
        super().__init__(image_processor, tokenizer, None, chat_template=chat_template, **kwargs)


def make_processor(replies: list) -> Qwen2_5_VLProcessor:
    """The processor, with each reply as one token. Images have 4 to 16 tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(replies, trainer)
    tokenizer.add_tokens([AddedToken(reply, normalized=False) for reply in replies])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token='<|im_end|>', pad_token='<|endoftext|>', padding_side='left'
    )
    fast.image_token, fast.video_token = '<|image_pad|>', '<|video_pad|>'
    images = Qwen2VLImageProcessorPil(min_pixels=4 * PATCH**2, max_pixels=16 * PATCH**2)
    return TinyProcessor(images, fast, chat_template=qwen3_vl_chat_template)


def only(processor: Qwen2_5_VLProcessor, replies: list) -> dict:
    """Arguments of generation that sample one of the replies, or none, and end there."""
    tokenizer = processor.tokenizer
    allowed = {tokenizer.eos_token_id, *tokenizer.convert_tokens_to_ids(replies)}
    unwanted = [token for token in range(len(tokenizer)) if token not in allowed]
    return {'suppress_tokens': unwanted, 'max_new_tokens': 2, 'forced_eos_token_id': tokenizer.eos_token_id}


def make_model(processor: Qwen2_5_VLProcessor) -> Qwen2_5_VLForConditionalGeneration:
    ids = {name: processor.tokenizer.convert_tokens_to_ids(name) for name in SPECIAL}
    ends = {'bos_token_id': None, 'eos_token_id': ids['<|im_end|>'], 'pad_token_id': ids['<|endoftext|>']}
    rotary = {'rope_type': 'default', 'mrope_section': [4, 6, 6]}
    text = {
        'vocab_size': len(processor.tokenizer), 'hidden_size': 64, 'intermediate_size': 128, 'num_hidden_layers': 1,
        'num_attention_heads': 2, 'num_key_value_heads': 1, 'rope_parameters': rotary, **ends,
    }
    vision = {'depth': 1, 'hidden_size': 32, 'intermediate_size': 64, 'num_heads': 2, 'out_hidden_size': 64}
    config = Qwen2_5_VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=ids['<|image_pad|>'],
        video_token_id=ids['<|video_pad|>'],
        vision_start_token_id=ids['<|vision_start|>'],
        vision_end_token_id=ids['<|vision_end|>'],
    )
    return Qwen2_5_VLForConditionalGeneration(config)
