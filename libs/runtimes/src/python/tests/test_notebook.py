import sys
import unittest

import notebook


class MagicsTest(unittest.TestCase):
    def test_lines_of_a_notebook_are_made_empty_and_the_others_keep_their_numbers(self):
        code = '%matplotlib inline\nx = 1\n  !pip install y\n%%time\nplt.plot?\nz = x % 2'
        self.assertEqual(notebook.without_magics(code), '\nx = 1\n\n\n\nz = x % 2')

    def test_code_without_them_is_left_alone(self):
        self.assertIsNone(notebook.without_magics('x = 5 % 2\ny = x != 1\n# why?\ns = "?"'))

    def test_libraries_do_not_take_the_shell_for_a_notebook(self):
        self.assertFalse(notebook.get_ipython())
        self.assertIsNone(notebook.get_ipython().run_line_magic('matplotlib', 'inline'))

    def test_newer_matplotlib_may_ask_for_the_version_of_the_shell(self):
        notebook.install()
        self.assertGreaterEqual(sys.modules['IPython'].version_info, (8, 24))
