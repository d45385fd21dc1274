"""Isolates one render: namespaces, limits, privileges and system calls, by ctypes (Python 3.11 has no os.unshare)."""
import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4

NEW_MOUNTS, NEW_HOST_NAME, NEW_IPC, NEW_USER, NEW_PROCESSES = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000
MOUNT_READ_ONLY, MOUNT_NO_SET_ID, MOUNT_NO_DEVICES, MOUNT_RECURSIVE, MOUNT_PRIVATE = 1, 2, 4, 16384, 1 << 18
SET_DUMPABLE, SET_NO_NEW_PRIVILEGES, SET_SECCOMP, SECCOMP_FILTER, DROP_BOUNDING, AMBIENT, CLEAR_AMBIENT = 4, 38, 22, 2, 24, 47, 4
CAPABILITY_VERSION, LAST_CAPABILITY = 0x20080522, 63
MEBIBYTE = 1024 * 1024
MAX_FILES = 16384  # Empty files cost the kernel memory that the size of a file system does not count.


def _checked(result):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def enter_own_namespaces():
    """Makes this process the first of a process and user namespace in which it may mount.

    Returns the descriptor of its process namespace, or None if the kernel allows no namespaces here. The calling process only
    waits; the new one returns.
    """
    trial = os.fork()
    if trial == 0:
        _try_namespaces()
    if os.waitpid(trial, 0)[1] != 0:
        return None
    _become_namespace_root()
    child = os.fork()
    if child != 0:
        os.closerange(0, 3)
        status = os.waitpid(child, 0)[1]
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    return os.open('/proc/self/ns/pid', os.O_RDONLY)


def _become_namespace_root():
    user, group = os.getuid(), os.getgid()
    _checked(libc.unshare(NEW_USER | NEW_PROCESSES))
    _write('/proc/self/setgroups', 'deny')
    _write('/proc/self/uid_map', f'{user} {user} 1')
    _write('/proc/self/gid_map', f'{group} {group} 1')


def _try_namespaces():
    """Exits, with status 0 if a render can have all the namespaces that it needs."""
    try:
        _become_namespace_root()
        mount_private_folders(MEBIBYTE)
    except OSError:
        os._exit(1)
    os._exit(0)


def fork_into_namespace(own_processes):
    """Like os.fork, but the child is the first process of a new namespace: it sees no other, and all end when it ends."""
    if own_processes is None:
        return os.fork()
    _checked(libc.unshare(NEW_PROCESSES))
    child = os.fork()
    if child != 0:
        _checked(libc.setns(own_processes, NEW_PROCESSES))
    return child


def mount_private_folders(temporary_bytes):
    """Mounts an empty /tmp and /dev/shm that end with this process, and hides /proc."""
    _checked(libc.unshare(NEW_MOUNTS | NEW_IPC | NEW_HOST_NAME))
    _checked(libc.mount(b'none', b'/', None, MOUNT_RECURSIVE | MOUNT_PRIVATE, None))
    flags = MOUNT_NO_SET_ID | MOUNT_NO_DEVICES
    _mount_memory('/tmp', flags, f'mode=0700,size={temporary_bytes},nr_inodes={MAX_FILES}')
    _mount_memory('/dev/shm', flags, f'mode=0700,size={8 * MEBIBYTE},nr_inodes={MAX_FILES}')
    _mount_memory('/proc', flags | MOUNT_READ_ONLY, 'mode=0555,size=4096')


def _mount_memory(path, flags, options):
    _checked(libc.mount(b'tmpfs', path.encode(), b'tmpfs', flags, options.encode()))


def limit(memory_bytes, file_bytes):
    """`memory_bytes` bounds the address space, including what is mapped already."""
    for resource_id, maximum in [
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
    ]:
        resource.setrlimit(resource_id, (maximum, maximum))


def limit_processor_time(seconds):
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def hide_memory():
    """Lets no process of the same user write to this one's memory by way of /proc, nor this one itself."""
    _checked(libc.prctl(SET_DUMPABLE, 0, 0, 0, 0))


def drop_privileges(seccomp_filter):
    """Drops every capability irrevocably, and loads the filter (classic BPF; empty for none)."""
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(DROP_BOUNDING, capability, 0, 0, 0)
    libc.prctl(AMBIENT, CLEAR_AMBIENT, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    _checked(libc.capset(header, none))
    hide_memory()
    _checked(libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    if seccomp_filter:
        _load_filter(seccomp_filter)


class _FilterProgram(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('instructions', ctypes.c_void_p)]


def _load_filter(instructions):
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = _FilterProgram(len(instructions) // 8, ctypes.addressof(buffer))
    _checked(libc.prctl(SET_SECCOMP, SECCOMP_FILTER, ctypes.addressof(program), 0, 0))


def address_space():
    """Bytes that this process has mapped."""
    with open('/proc/self/statm') as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def open_files():
    """Every descriptor of a regular file, with the file's path and the offset in it."""
    files = {}
    for name in os.listdir('/proc/self/fd'):
        path = os.path.realpath(f'/proc/self/fd/{name}')
        if os.path.isfile(path):
            files[int(name)] = (path, os.lseek(int(name), 0, os.SEEK_CUR))
    return files


def reopen_files(files):
    """Opens the files again under the same descriptors, so that processes do not share offsets."""
    for descriptor, (path, offset) in files.items():
        fresh = os.open(path, os.O_RDONLY)
        os.lseek(fresh, offset, os.SEEK_SET)
        os.dup2(fresh, descriptor)
        os.close(fresh)


def close_all_except(kept):
    first = 0
    for descriptor in sorted(kept):
        if first < descriptor:  # Not for an empty range at 0, whose end close_range(2) would take for the largest descriptor.
            os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _write(path, text):
    with open(path, 'w') as file:
        file.write(text)
