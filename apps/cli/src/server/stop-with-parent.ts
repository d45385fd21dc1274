/**
 * Loaded into a server that another command started for itself (`node --import`): when that command ends, in whatever way,
 * the channel between them closes, and the server shuts down as after Ctrl-C.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
