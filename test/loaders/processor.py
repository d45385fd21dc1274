"""A processor of the kind of Qwen2.5-VL, made here: readers need one, and none is downloaded.

A byte-level tokenizer that knows nothing but bytes and the tokens of images, a chat template that tells parts apart by their
keys as Qwen2.5-VL's does, and the image processor of transformers with few pixels an image.
"""
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2_5_VLProcessor, Qwen2VLImageProcessorPil

IMAGE, VIDEO = '<|image_pad|>', '<|video_pad|>'
SPECIAL = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|vision_start|>', '<|vision_end|>', IMAGE, VIDEO]
CHAT_TEMPLATE = (
    '{% for message in messages %}<|im_start|>{{ message.role }}\n'
    '{% if message.content is string %}{{ message.content }}{% else %}{% for part in message.content %}'
    "{% if part.type == 'image' or 'image' in part or 'image_url' in part %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif 'text' in part %}{{ part.text }}{% endif %}{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    '{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}'
)
PATCH = 28


class ImageTextProcessor(Qwen2_5_VLProcessor):
    """Without videos, whose processor needs torchvision."""

    def __init__(self, image_processor=None, tokenizer=None, chat_template=None, **kwargs):
        super().__init__(image_processor, tokenizer, None, chat_template=chat_template, **kwargs)


def make_processor() -> ImageTextProcessor:
    """The processor. An image has 4 to 64 tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate(SPECIAL + alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token='<|im_end|>',
        pad_token='<|endoftext|>',
        additional_special_tokens=SPECIAL,
        padding_side='left',
    )
    fast.image_token, fast.video_token, fast.chat_template = IMAGE, VIDEO, CHAT_TEMPLATE
    images = Qwen2VLImageProcessorPil(min_pixels=4 * PATCH**2, max_pixels=64 * PATCH**2)
    return ImageTextProcessor(images, fast, chat_template=CHAT_TEMPLATE)


PROCESSOR = make_processor()


def image_token_count(input_ids) -> int:
    """How many tokens of one sequence stand for images."""
    return int((input_ids == PROCESSOR.tokenizer.convert_tokens_to_ids(IMAGE)).sum())


def tokens_of_grid(grid) -> int:
    """How many tokens the images need that were processed, by their grid of patches."""
    return int(grid.prod(dim=-1).sum()) // PROCESSOR.image_processor.merge_size**2
