"""What the tests of the zygote share. They run with its folder in PYTHONPATH."""
import os
import pickle


def in_fork(work):
    """What `work` returns in a process of its own, which it may change for good. An error that it raises is raised here."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            outcome = work(), None
        except BaseException as error:
            outcome = None, error
        with open(writer, 'wb') as pipe:
            pickle.dump(outcome, pipe)
        os._exit(0)
    os.close(writer)
    with open(reader, 'rb') as pipe:
        content = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not content:
        raise AssertionError(f'The process ended with {status} and returned nothing.')
    value, error = pickle.loads(content)
    if error:
        raise error
    return value
