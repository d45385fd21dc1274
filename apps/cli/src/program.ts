import { alignmentRules } from '@pentimento/api-contracts';
import { ApiError } from '@pentimento/client';
import { alphaModes, exportOptionsSchema, flawKinds, flawTableIds, outcomes } from '@pentimento/contracts';
import { Command, CommanderError } from 'commander';
import { describeApiError } from './output/api-error.ts';
import { exitCodes, CliError, type ExitCode } from './terminal/cli-error.ts';
import { languageHint } from './input/languages.ts';
import { addPolicyOptions, number } from './input/policy-options.ts';
import { version } from './settings/version.ts';
import type { Terminal } from './terminal/terminal.ts';

type Action = (...args: never[]) => Promise<ExitCode>;
/** Loads a command when it runs: `list` needs no browser and no encoder. */
type Load = () => Promise<Action>;
type Add = (usage: string, description: string, load: Load, parent?: Command) => Command;

const exportDefaults = exportOptionsSchema.parse({});

const append = (value: string, before: string[]): string[] => [...before, value];

/** The command line. `finish` receives the exit code of the command that ran. */
function createProgram(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  const program = new Command('pentimento')
    .description('Turns an image back into the code that draws it, and keeps working on the hard ones.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.data(text.trimEnd()),
      writeErr: (text) => terminal.progress(text.trimEnd()),
    })
    .showHelpAfterError('(add --help for the options)')
    .addHelpText(
      'after',
      '\nData goes to stdout, progress to stderr. Exit codes: 0 done, 1 error, 2 usage, 3 ended below the threshold.' +
        '\nThe server is found by --server, PENTIMENTO_URL, or PENTIMENTO_HOME (default: .pentimento in the checkout).',
    );

  const add: Add = (usage, description, load, parent = program) => {
    const command = parent.command(usage).description(description);
    const operands = command.registeredArguments.length;
    return command.action(async (...args: unknown[]) => {
      const action = (await load()) as (...values: unknown[]) => Promise<ExitCode>;
      finish(await action(...args.slice(0, operands + 1), terminal));
    });
  };
  const onServer = (command: Command): Command => command.option('--server <url>', 'address of the server');

  add('serve', 'run the server in the foreground', async () => (await import('./commands/serve.ts')).serve)
    .option('--host <host>', 'address to listen on (PENTIMENTO_HOST)')
    .option('--port <port>', 'port to listen on, 0 for any (PENTIMENTO_PORT)')
    .option('--only <part>', 'rewards: render and score for others, without jobs and a database');

  const refine = onServer(
    add(
      'refine <image>',
      'refine code until it renders the image; starts a server where none runs',
      async () => (await import('./commands/refine.ts')).refine,
    ),
  );
  refine
    .requiredOption('-l, --language <language>', `language of the code: ${languageHint}`)
    .option('-m, --model <model>', 'provider/model (default: builtin/vectorizer)')
    .option('--code <file>', 'your own initial code, instead of a draft')
    .option('--device-scale <n>', 'device pixels per CSS pixel of the page (default: by the density of a PNG)', number)
    .option('--instructions <text>', 'what else the model should know')
    .option('--policy-version <name>', 'version of the model weights, for datasets made of the job')
    .option('-o, --out <folder>', 'folder for the results (default: results/JOB in PENTIMENTO_HOME)')
    .option('--keep-serving', 'keep the server that it started, until Ctrl-C')
    .option('--json', 'print one JSON object at the end');
  addPolicyOptions(refine);

  onServer(
    add('watch <id>', 'follow a job to its end', async () => (await import('./commands/watch.ts')).watch),
  ).option('--json', 'print the events as JSON lines');

  onServer(add('list', 'list jobs, the newest first', async () => (await import('./commands/jobs.ts')).list))
    .option('--limit <n>', 'at most this many, 1 to 100')
    .option('--cursor <cursor>', 'continue where a page ended')
    .option('--status <status>', 'one status, or several with commas')
    .option('--kind <kind>', 'refinement (default) or environment')
    .option('-l, --language <language>', languageHint)
    .option('-m, --model <model>', 'provider/model')
    .option('--tag <tag>', 'one tag, or several with commas: jobs that have all of them')
    .option('--search <text>', 'part of the name or the id')
    .option('--json', 'print the page as JSON');

  const jobs = async () => import('./commands/jobs.ts');
  const printsJob = (command: Command): Command => onServer(command).option('--json', 'print the job as JSON');
  printsJob(add('get <id>', 'show a job', async () => (await jobs()).get));
  printsJob(add('cancel <id>', 'cancel a job; finished iterations are kept', async () => (await jobs()).cancel));
  printsJob(add('retry <id>', 'continue a failed or canceled job', async () => (await jobs()).retry));
  onServer(
    add(
      'delete <id...>',
      'delete jobs with their iterations, running jobs too; cannot be undone',
      async () => (await jobs()).remove,
    ),
  ).option('--json', 'print the deleted ids as JSON');

  addJudgmentCommands(add, onServer);
  addSteeringCommands(add, onServer);

  onServer(
    add(
      'replay <id>',
      'render and score the candidates of a job again and say what is not the same; stores nothing',
      async () => (await import('./commands/replay.ts')).replay,
    ),
  ).option('--json', 'print the comparison as JSON');
  onServer(
    add(
      'rescore <id...>',
      "add a score of the server's version to the candidates of jobs; the other scores stay",
      async () => (await import('./commands/rescore.ts')).rescore,
    ),
  ).option('--json', 'print the amounts as JSON');

  onServer(
    add(
      'export',
      'export the trajectories of ended jobs as a dataset; starts a server where none runs',
      async () => (await import('./commands/export.ts')).exportTraces,
    ),
  )
    .option('-f, --format <format>', 'what to write, see --list-formats')
    .option('-o, --out <folder>', 'folder for the files, an empty one or that of the same export')
    .option('--id <id>', 'an export that is there, to download it or to continue its download')
    .option('--name <name>', 'what to call this version of the dataset (default: the format)')
    .option('--list-formats', 'list the formats')
    .option('--jobs <ids>', 'only these jobs, with commas; so are the following lists')
    .option('-l, --language <languages>', languageHint)
    .option('-m, --model <models>', 'provider/model')
    .option('--outcome <outcomes>', outcomes.join('|'))
    .option('--min-score <score>', 'best score at least', number)
    .option('--max-score <score>', 'best score at most', number)
    .option('--min-gain <score>', 'best score minus the first one at least', number)
    .option('--capture <level>', 'token_exact: the tokens of every call are known; text_only: not of every call')
    .option('--policy-version <versions>', 'every call was sampled by one of these')
    .option('--verdict <verdict>', 'judged so: accept|reject')
    .option('--tag <tags>', 'has all of these tags')
    .option('--created-after <time>', 'submitted from this day or time on, e.g. 2026-11-30')
    .option('--created-before <time>', 'submitted before this day or time')
    .option('--validation-share <share>', 'share of the tasks for validation (default: 0)', number)
    .option('--test-share <share>', 'share of the tasks for tests (default: 0)', number)
    .option('--improved-only', 'leave out turns that did not score higher than what they started from')
    .option('--margin <score>', `preference pairs: smallest difference (default: ${exportDefaults.margin})`, number)
    .option('--threshold <score>', `labels: good from this score on (default: ${exportDefaults.threshold})`, number)
    .option('--license <text>', 'of the targets and the code, for the manifest')
    .option('--json', 'print one JSON object at the end');

  onServer(
    add(
      'prune',
      'delete ended jobs that need not be kept, and the blobs that no job names',
      async () => (await import('./commands/prune.ts')).prune,
    ),
  )
    .option('--dry-run', 'only show what would be deleted')
    .option('--days <n>', 'keep ended jobs this many days (default: PENTIMENTO_KEEP_DAYS of the server)', number)
    .option('--keep <n>', 'keep this many ended jobs (default: PENTIMENTO_KEEP_JOBS of the server)', number)
    .option('--stray-files', 'also files of the blob store that the database does not know')
    .option('--json', 'print the amounts as JSON');

  add(
    'render <file>',
    'render code as PNG, "-" for standard input; needs no server',
    async () => (await import('./commands/render.ts')).render,
  )
    .option('-l, --language <language>', `${languageHint} (default: by the file's extension)`)
    .requiredOption('-o, --out <png>', 'file of the image')
    .option('--size <size>', 'viewport of a page or canvas of an image without its own size', '1024x768')
    .option('--device-scale <n>', 'device pixels per CSS pixel of a page, 1 to 4 (default: 1)', number)
    .option('--reference <file>', "the target's own code: a molecule is compared with it")
    .option('--json', 'print the outcome as JSON, a failed one too');

  add(
    'score',
    'score a render, code or a reply against a target; needs no server',
    async () => (await import('./commands/score.ts')).score,
  )
    .option('--target <image>', 'the target')
    .option('--render <image>', 'the image to score')
    .option('--code <file>', 'the code to render and score, "-" for standard input')
    .option('--response <file>', 'the reply of a model to parse, render and score, "-" for standard input')
    .option('--base <file>', 'the code that the reply may edit: its edits are applied as in the loop')
    .option('-l, --language <language>', `${languageHint} (default: by the extension of the code's file)`)
    .option('--reference-text <file>', 'the text that the target shows: enables the text term')
    .option('--reference-code <file>', "the target's own code: a molecule is compared with it")
    .option('--device-scale <n>', 'device pixels per CSS pixel of the page that the target shows (default: 1)', number)
    .option('--alpha <mode>', `${alphaModes.join('|')}: how transparency is treated (default: as set)`)
    .option('--alignment <rule>', `${alignmentRules.join('|')}: how a reply is read (default: as set)`)
    .option('--batch <file>', 'one item per line, as of POST /v1/rewards/score; prints one result per line')
    .option('--json', 'print the result as JSON with its whole record');

  add(
    'synthesize',
    'make flawed twins of correct code with their renders, scores and boxes, as training data; needs no server',
    async () => (await import('./commands/synthesize.ts')).synthesize,
  )
    .requiredOption('--from <folder>', "folder with correct code, or `examples` for the repository's")
    .requiredOption('-o, --out <folder>', 'folder for pairs.jsonl, drops.jsonl and images')
    .option('--formats <formats>', `also write the pairs as Parquet, in formats of exports: ${flawTableIds.join(',')}`)
    .option('--count <n>', 'pairs per source', number, 20)
    .option('--seed <n>', 'decides which flaws are made', number, 1)
    .option('-l, --language <language>', `only code of this language: ${languageHint}`)
    .option('--kinds <kinds>', `kinds of flaws, several with commas: ${flawKinds.join(',')} (default: all)`)
    .option('--json', 'print the totals as JSON');

  onServer(
    add(
      'mcp',
      'serve the tools refine, render, score and get to a coding agent, by the Model Context Protocol over standard input and output',
      async () => (await import('./commands/mcp.ts')).mcp,
    ),
  );

  const encoders = program.command('encoder').description('the networks that compare images; needs no server');
  const encoder = async () => import('./commands/encoder.ts');
  const onEncoders = (usage: string, description: string, load: Load): Command =>
    add(usage, description, load, encoders).option('--json', 'print the outcome as JSON');
  onEncoders('list', 'installed encoders, with the used one marked', async () => (await encoder()).list);
  onEncoders(
    'add <folder>',
    "install a DINOv2's folder (config.json, model.safetensors) or one with a manifest.json; its file stays in place",
    async () => (await encoder()).add,
  ).option('--name <name>', "what to call it (default: the model's own name)");
  onEncoders(
    'pull <repository>',
    'download a DINOv2 from the Hugging Face hub, e.g. facebook/dinov2-large (HF_ENDPOINT, HF_TOKEN, HF_HOME)',
    async () => (await encoder()).pull,
  )
    .option('--name <name>', "what to call it (default: the repository's last word)")
    .option('--revision <revision>', 'branch, tag or commit (default: main)');
  onEncoders(
    'check [name]',
    'run an encoder (default: the used one) over known tiles',
    async () => (await encoder()).check,
  )
    .option('--int8', 'make int8 weights of a DINOv2 and accept them where scores stay within 0.002')
    .option('--threads <n>', 'threads of one inference (default: all cores)');

  onServer(
    add('doctor', 'check this machine and say what to do', async () => (await import('./commands/doctor.ts')).doctor),
  ).option('--json', 'print the checks as JSON');

  return program;
}

function addJudgmentCommands(add: Add, onServer: (command: Command) => Command): void {
  onServer(
    add(
      'tag <job> [tags...]',
      "add tags to a job, or show a job's tags",
      async () => (await import('./commands/tags.ts')).tag,
    ),
  )
    .option('--remove <tag>', 'remove a tag; repeat it for several', append, [])
    .option('--json', 'print the job as JSON');

  const judgments = async () => import('./commands/judgments.ts');
  const judges = (usage: string, description: string, load: Load): Command =>
    onServer(add(usage, description, load))
      .option('--note <text>', 'why')
      .option('--author <name>', 'who judges; the newest judgment of an author counts (default: nobody named)')
      .option('--json', 'print the judgment as JSON');
  judges(
    'judge <candidate> [verdict]',
    'accept or reject a candidate, or note something',
    async () => (await judgments()).judge,
  );
  judges(
    'prefer <candidate> <other>',
    'say that a candidate is better than another of its job',
    async () => (await judgments()).prefer,
  );
  onServer(add('judgments <job>', 'list the judgments of a job', async () => (await judgments()).list)).option(
    '--json',
    'print all of them as JSON, with those that were replaced or withdrawn',
  );
  onServer(
    add('withdraw <id...>', 'withdraw judgments and interventions', async () => (await judgments()).withdraw),
  ).option('--json', 'print the withdrawn ids as JSON');
}

function addSteeringCommands(add: Add, onServer: (command: Command) => Command): void {
  const interventions = async () => import('./commands/interventions.ts');
  const steers = (usage: string, description: string, load: Load): Command =>
    onServer(add(usage, description, load)).option('--json', 'print the intervention as JSON');
  const box = ['--box <x,y,width,height>', 'region in pixels of the target'] as const;
  steers(
    'fix <job> <words>',
    'say what to fix in a region, from the next round on',
    async () => (await interventions()).fix,
  ).requiredOption(...box);
  steers(
    'lock <job>',
    'keep a region as it is, from the next round on',
    async () => (await interventions()).lock,
  ).requiredOption(...box);
  steers(
    'edit <job> <file>',
    'add code by hand as an iteration, "-" for standard input; an ended job runs it and ends again',
    async () => (await interventions()).edit,
  ).option('--candidate <candidate>', 'the candidate whose code was edited (default: the best)');
  steers(
    'branch <job> <candidate>',
    'go on from this candidate instead of the best, from the next round on',
    async () => (await interventions()).branch,
  );
  addPolicyOptions(
    steers(
      'continue <job>',
      'let an ended job go on, with other settings where they are given',
      async () => (await interventions()).continueJob,
    ).option('-m, --model <model>', 'provider/model'),
    { changes: true },
  );
  onServer(add('interventions <job>', 'list what steers a job', async () => (await interventions()).list)).option(
    '--json',
    'print all of them as JSON, with those that were withdrawn',
  );
  addPolicyOptions(
    onServer(
      add(
        'fork <job> [candidate]',
        "submit a job's target again with other settings: from the code of a candidate, or as the job began",
        async () => (await import('./commands/fork.ts')).fork,
      ),
    )
      .option('-m, --model <model>', 'provider/model')
      .option('--name <name>', 'what to call the new job')
      .option('--instructions <text>', 'what else the model should know')
      .option('--json', 'print the new job as JSON'),
    { changes: true },
  );
}

/** Runs one command line and returns its exit code. Errors of the user, the server or the machine do not throw. */
export async function runCommandLine(args: string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  try {
    await createProgram(terminal, (ended) => (code = ended)).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (error instanceof CliError) {
      terminal.progress(error.message);
      return error.exitCode;
    }
    if (error instanceof ApiError) {
      terminal.progress(describeApiError(error));
      return exitCodes.error;
    }
    terminal.progress(`Unexpected error: ${(error as Error).stack ?? String(error)}`);
    return exitCodes.error;
  }
}
