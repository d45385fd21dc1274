import os
import tempfile
import unittest

import capture


class CapturedTest(unittest.TestCase):
    def setUp(self):
        self.captured = capture.Captured()

    def test_what_is_saved_while_quiet_is_not_captured(self):
        self.captured.save('first')
        self.assertEqual(self.captured.quietly(lambda: self.captured.save('inner') or 'done'), 'done')
        self.assertEqual(self.captured.saved, 'first')
        self.assertFalse(self.captured.is_quiet)

    def test_an_error_ends_the_quiet(self):
        with self.assertRaises(ValueError):
            self.captured.quietly(int, 'x')
        self.assertFalse(self.captured.is_quiet)

    def test_an_image_made_by_work_does_not_count_as_saved_by_the_code(self):
        self.captured.save('own')
        self.captured.show('shown')
        before = self.captured.saved_at
        self.assertEqual(self.captured.image_from(lambda: self.captured.save('other')), 'other')
        self.assertEqual((self.captured.saved, self.captured.shown, self.captured.saved_at), ('own', 'shown', before))


class FinalImageTest(unittest.TestCase):
    def setUp(self):
        capture.captured.__init__()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write_svg(self, name, moment, text='<svg/>'):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file:
            file.write(text)
        os.utime(path, ns=(moment, moment))

    def final_image(self):
        return capture.final_image({}, self.folder)

    def test_nothing_saved_or_shown_is_no_image(self):
        self.assertIsNone(self.final_image())

    def test_the_last_written_file_counts_also_in_a_folder(self):
        self.write_svg('old.svg', 1_000)
        self.write_svg('folder/new.svg', 2_000, '<svg id="new"/>')
        self.assertEqual(self.final_image(), ({'form': 'svg'}, b'<svg id="new"/>'))

    def test_a_file_older_than_what_a_library_saved_does_not_count(self):
        capture.captured.save('saved')
        self.write_svg('old.svg', 1_000)
        self.assertEqual(self.final_image(), 'saved')

    def test_files_of_other_kinds_do_not_count(self):
        self.write_svg('data.csv', 2_000)
        self.assertIsNone(self.final_image())

    def test_what_was_saved_comes_before_what_was_shown(self):
        capture.captured.show(lambda: 'shown')
        self.assertEqual(self.final_image(), 'shown')
        capture.captured.save('saved')
        self.assertEqual(self.final_image(), 'saved')

    def test_a_file_that_is_no_image_is_a_remark_and_the_one_before_it_counts(self):
        self.write_svg('good.svg', 1_000)
        self.write_svg('bad.png', 2_000, 'text')
        self.assertEqual(self.final_image(), ({'form': 'svg'}, b'<svg/>'))
        self.assertEqual(len(capture.captured.remarks), 1)
        self.assertIn('Not an image', capture.captured.remarks[0])


class WriteTest(unittest.TestCase):
    def test_a_folder_that_is_missing_is_a_remark(self):
        capture.captured.__init__()
        capture.write('/no/such/folder/x.png', b'data')
        self.assertEqual(len(capture.captured.remarks), 1)
        self.assertIn('Not written', capture.captured.remarks[0])
