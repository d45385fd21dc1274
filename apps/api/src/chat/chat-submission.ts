import { Inject, Injectable } from '@nestjs/common';
import { createJobSchema, defaultPolicy, uploadLimits, type CreateJob, type Job } from '@pentimento/contracts';
import { type ChatRequest } from '../protocols/chat-completion.ts';
import { fieldProblem } from '../http/problem.exception.ts';
import { JobSubmission } from '../jobs/job-submission.ts';
import { LANGUAGES, type Languages } from '../runtime/languages.ts';
import { codeOf, readConversation, type Conversation } from './conversation.ts';
import { readModelName } from './model-name.ts';
import { languageOfBlocks, namedLanguage } from './named-language.ts';

/** Many clients give up on a reply of which nothing has come for 300 s. Of a stream something comes at once. */
const secondsWithoutStream = 240;

/** Code may have a megabyte, and a reply says more than its code. */
const maxReplyLength = 2 * uploadLimits.codeBytes;

const { instructions: instructionsSchema } = createJobSchema.shape;

/** Submits the job that a chat completion asks for. */
@Injectable()
export class ChatSubmission {
  constructor(
    @Inject(LANGUAGES) private readonly languages: Languages,
    private readonly submission: JobSubmission,
  ) {}

  /** Throws a ProblemException where the request asks for nothing that can be refined. */
  submit(request: ChatRequest): Promise<Job> {
    const conversation = readConversation(request.messages, request.pentimento?.image);
    const job = this.jobOf(request, conversation);
    return this.submission.submit(job, { originalname: 'chat completion', buffer: conversation.image });
  }

  private jobOf(request: ChatRequest, conversation: Conversation): CreateJob {
    const { name, deviceScale, policyVersion = null, language: named } = request.pentimento ?? {};
    const { model, language: ofModel } = readModelName(request.model);
    // Before anything reads them: texts of a conversation may have megabytes.
    const instructions = checkedInstructions(conversation);
    checkReply(conversation);
    const language = named ?? ofModel ?? this.languageOf(conversation);
    const { fenceNames = [] } = this.languages.find(({ id }) => id === language) ?? {};
    return {
      ...{ name, language, model, policyVersion, deviceScale },
      instructions,
      code: codeOf(conversation.reply, fenceNames),
      policy: policyOf(request),
      budget: budgetOf(request),
    };
  }

  private languageOf({ newest, reply, instructions }: Conversation) {
    const ofReply = languageOfBlocks(reply, this.languages) ?? '';
    return namedLanguage([newest, ofReply, instructions], this.languages);
  }
}

function policyOf({
  pentimento,
  temperature,
  seed,
  max_completion_tokens,
  max_tokens,
}: ChatRequest): CreateJob['policy'] {
  const policy = pentimento?.policy;
  return {
    ...defaultPolicy,
    ...policy,
    temperature: policy?.temperature ?? temperature,
    seed: policy?.seed ?? seed,
    maxOutputTokens: policy?.maxOutputTokens ?? max_completion_tokens ?? max_tokens ?? defaultPolicy.maxOutputTokens,
  };
}

const budgetOf = ({ stream, pentimento }: ChatRequest): CreateJob['budget'] => ({
  ...(stream ? {} : { maxSeconds: secondsWithoutStream }),
  ...pentimento?.budget,
});

function checkedInstructions({ instructions }: Conversation): string {
  const parsed = instructionsSchema.safeParse(instructions);
  if (parsed.success) return parsed.data;
  const detail = `The texts of the system and the user have ${instructions.length} characters and may have 8000, of well-formed Unicode: shorten them.`;
  throw fieldProblem('invalid-request', '/messages', detail);
}

function checkReply({ reply }: Conversation): void {
  if (reply.length <= maxReplyLength) return;
  const detail = `The assistant's last message with code has ${reply.length} characters and may have ${maxReplyLength}: leave it out, or shorten it to the code.`;
  throw fieldProblem('invalid-request', '/messages', detail);
}
