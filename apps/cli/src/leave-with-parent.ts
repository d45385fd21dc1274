/**
 * Loaded into a server that another command started for itself (`node --import`): when that command is gone, however it
 * ended, the channel between them closes, and the server shuts down as after Ctrl-C instead of staying behind.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
