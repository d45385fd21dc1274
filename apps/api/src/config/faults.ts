import { access, constants } from 'node:fs/promises';
import { createModels } from '@pentimento/models';
import { createReward } from '@pentimento/reward';
import { StartError } from '../runtime/start-error.ts';
import { EnvironmentFaults, readEnvironment, type Environment, type EnvironmentVariables } from './environment.ts';

/** The settings, once nothing is wrong with them or with the files they name. Throws a StartError with every fault. */
export async function checkedEnvironment(variables: EnvironmentVariables): Promise<Environment> {
  const { environment, faults } = settings(variables);
  const all = [
    ...faults,
    ...modelFaults(variables),
    ...(await pythonFaults(variables)),
    ...(await encoderFaults(variables, environment)),
  ];
  if (environment && all.length === 0) return environment;
  throw new StartError(all.join('\n'));
}

function settings(variables: EnvironmentVariables): { environment?: Environment; faults: string[] } {
  try {
    return { environment: readEnvironment(variables), faults: [] };
  } catch (error) {
    if (error instanceof EnvironmentFaults) return { faults: error.faults };
    throw error;
  }
}

function modelFaults(variables: EnvironmentVariables): string[] {
  const noBlobs = { get: () => Promise.reject(new Error('No model is called here.')) };
  return createModels({ environment: variables, languages: [], blobs: noBlobs }).configurationProblems();
}

async function pythonFaults({ PENTIMENTO_PYTHON: python }: EnvironmentVariables): Promise<string[]> {
  if (!python) return [];
  return access(python, constants.X_OK).then(
    () => [],
    () => [`PENTIMENTO_PYTHON names no program at ${python}; set it to a Python's path or leave it unset.`],
  );
}

/** Where another service scores, its own encoder counts. */
async function encoderFaults(variables: EnvironmentVariables, environment: Environment | undefined): Promise<string[]> {
  if (variables.REWARD_URL) return [];
  const reward = createReward(
    environment
      ? { ...environment.reward, home: environment.home }
      : { encoder: variables.PENTIMENTO_ENCODER || undefined },
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
