import unittest

import figure_content
import numpy
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure


def rendered(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.get_renderer()


def colors(side):
    return numpy.random.default_rng(1).integers(0, 255, (side, side, 3), numpy.uint8)


class BitmapShareTest(unittest.TestCase):
    def share(self, draw, code_bytes=10_000):
        figure = Figure(figsize=(4, 3), dpi=50)
        draw(figure)
        return figure_content.bitmap_share(figure, rendered(figure), code_bytes)

    def half(self, data):
        return lambda figure: figure.add_axes([0, 0, 0.5, 1]).imshow(data, aspect='auto')

    def test_an_image_of_colors_counts_by_its_area(self):
        self.assertAlmostEqual(self.share(self.half(colors(24))), 0.5)
        self.assertAlmostEqual(self.share(self.half(colors(24) / 255)), 0.5)

    def test_overlapping_images_count_once(self):
        def twice(figure):
            for _ in range(2):
                self.half(colors(24))(figure)

        self.assertAlmostEqual(self.share(twice), 0.5)

    def test_an_image_on_the_figure_itself_counts(self):
        self.assertAlmostEqual(self.share(lambda figure: figure.figimage(colors(50))), 50 * 50 / (200 * 150), 2)

    def test_colors_that_the_code_cannot_hold_are_computed(self):
        self.assertEqual(self.share(self.half(colors(24)), code_bytes=1000), 0)

    def test_numbers_in_a_colormap_flat_colors_and_hidden_images_do_not_count(self):
        self.assertEqual(self.share(self.half(colors(24)[:, :, 0])), 0)
        self.assertEqual(self.share(self.half(numpy.ones((40, 40, 3)))), 0)
        self.assertEqual(self.share(lambda figure: self.half(colors(24))(figure).set_visible(False)), 0)


class WithoutDataTest(unittest.TestCase):
    def is_without_data(self, draw):
        figure = Figure()
        draw(figure.add_subplot())
        return figure_content.is_without_data(figure)

    def test_empty_plots_have_no_data(self):
        for draw in (lambda axes: None, lambda axes: axes.plot([]), lambda axes: axes.scatter([], []), lambda axes: axes.bar([], [])):
            self.assertTrue(self.is_without_data(draw))

    def test_any_mark_is_data(self):
        marks = ('plot', [1, 2]), ('scatter', [1], [2]), ('bar', ['a'], [1]), ('imshow', [[1]]), ('text', 0, 0, 'x'), ('pie', [1])
        for name, *given in marks:
            self.assertFalse(self.is_without_data(lambda axes: getattr(axes, name)(*given)))

    def test_a_figure_without_axes_is_not_an_empty_plot(self):
        self.assertFalse(figure_content.is_without_data(Figure()))
