"""Writes wrong encodings of exports, for tests that a loader notices: called with KIND=FROM=TO for each."""
import sys

import pyarrow
import pyarrow.parquet


def without_features(table: pyarrow.Table) -> pyarrow.Table:
    """Without the features of Hugging Face, images load as dictionaries."""
    return table.replace_schema_metadata(None)


def without_last_image(table: pyarrow.Table) -> pyarrow.Table:
    return with_images(table, [images[:-1] for images in table['images'].to_pylist()])


def without_bytes(table: pyarrow.Table) -> pyarrow.Table:
    """Paths that lead nowhere."""
    images = [[{'bytes': None, 'path': image['path']} for image in row] for row in table['images'].to_pylist()]
    return without_features(with_images(table, images))


def bytes_alone(table: pyarrow.Table) -> pyarrow.Table:
    """Lists of bytes instead of structs."""
    images = pyarrow.array([[image['bytes'] for image in row] for row in table['images'].to_pylist()])
    return without_features(table.set_column(table.column_names.index('images'), 'images', images))


def equal_replies(table: pyarrow.Table) -> pyarrow.Table:
    """The rejected reply is the chosen one."""
    chosen = pyarrow.array([messages[-1]['content'] for messages in table['messages'].to_pylist()])
    return table.set_column(table.column_names.index('rejected_response'), 'rejected_response', chosen)


def image_structs(table: pyarrow.Table) -> pyarrow.Table:
    """Structs instead of bytes."""
    images = pyarrow.array([{'bytes': image, 'path': None} for image in table['image'].to_pylist()])
    return without_features(table.set_column(table.column_names.index('image'), 'image', images))


def with_images(table: pyarrow.Table, images: list) -> pyarrow.Table:
    field = table.schema.field('images')
    return table.set_column(table.column_names.index('images'), field, pyarrow.array(images, field.type))


KINDS = {
    'without-features': without_features,
    'without-last-image': without_last_image,
    'without-bytes': without_bytes,
    'bytes-alone': bytes_alone,
    'equal-replies': equal_replies,
    'image-structs': image_structs,
}

if __name__ == '__main__':
    for kind, source, target in (argument.split('=') for argument in sys.argv[1:]):
        pyarrow.parquet.write_table(KINDS[kind](pyarrow.parquet.read_table(source)), target)
