import { join } from 'node:path';

/** Names of installed encoders: one word, so that a path is never a name. */
export const encoderName = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** The installed encoders, each in a folder of its name. */
export const encodersFolder = (home: string): string => join(home, 'encoders');
export const installedFolder = (home: string, name: string): string => join(encodersFolder(home), name);

export const manifestFile = 'manifest.json';
/** The same encoder with int8 matrices, once these were found close enough to the float32 ones. */
export const int8ManifestFile = 'int8.json';
/** Int8 weights of the encoder, and the results of their last calibration, accepted or not. */
export const int8WeightsFile = 'int8.safetensors';
export const int8CalibrationFile = 'int8-calibration.json';
export const weightsFile = 'model.safetensors';
export const configFile = 'config.json';
