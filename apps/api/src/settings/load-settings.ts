import { access, constants } from 'node:fs/promises';
import { createModels } from '@pentimento/models';
import { createReward } from '@pentimento/reward';
import { modelEnvironment, readSettings, SettingsError, type Environment, type Settings } from './settings.ts';
import { StartError } from './start-error.ts';

/** The settings, once nothing is wrong with them or with the files they name. Throws a StartError with every problem. */
export async function loadSettings(environment: Environment): Promise<Settings> {
  const { settings, problems } = settingsOf(environment);
  const all = [
    ...problems,
    ...modelProblems(environment),
    ...(await pythonProblems(environment)),
    ...(await encoderProblems(environment, settings)),
  ];
  if (settings && all.length === 0) return settings;
  throw new StartError(all.join('\n'));
}

function settingsOf(environment: Environment): { settings?: Settings; problems: string[] } {
  try {
    return { settings: readSettings(environment), problems: [] };
  } catch (error) {
    if (error instanceof SettingsError) return { problems: error.problems };
    throw error;
  }
}

function modelProblems(environment: Environment): string[] {
  const noBlobs = { get: () => Promise.reject(new Error('No model is called here.')) };
  return createModels({
    environment: modelEnvironment(environment),
    languages: [],
    blobs: noBlobs,
  }).configurationProblems();
}

async function pythonProblems({ PENTIMENTO_PYTHON: python }: Environment): Promise<string[]> {
  if (!python) return [];
  return access(python, constants.X_OK).then(
    () => [],
    () => [`PENTIMENTO_PYTHON names no program at ${python}; set it to a Python's path or leave it unset.`],
  );
}

/** Where another service scores, that service's encoder counts. */
async function encoderProblems(environment: Environment, settings: Settings | undefined): Promise<string[]> {
  if (environment.REWARD_URL) return [];
  const reward = createReward(
    settings ? { ...settings.reward, home: settings.home } : { encoder: environment.PENTIMENTO_ENCODER || undefined },
  );
  try {
    await reward.version();
    return [];
  } catch (error) {
    return [(error as Error).message];
  } finally {
    await reward.close();
  }
}
