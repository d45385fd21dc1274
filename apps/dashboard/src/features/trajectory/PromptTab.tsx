'use client';

import { useQuery } from '@tanstack/react-query';
import type { Candidate, ImagePart, MessagePart, Prompt } from '@pentimento/contracts';
import { blobUrl } from '../../api/client.ts';
import { promptQuery } from '../../api/queries.ts';
import { formatSize } from '../../ui/format.ts';
import { Failure, Nothing } from '../../ui/Notice.tsx';

/** The prompt: the text and the images exactly as they were sent. */
export function PromptTab({ candidate: { call } }: { candidate: Candidate }) {
  if (!call) return <Nothing>This code is of a person: no model was asked.</Nothing>;
  return <LoadedPrompt id={call.prompt} />;
}

function LoadedPrompt({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(promptQuery(id));
  if (error) return <Failure title="The prompt could not be loaded" error={error} retry={() => void refetch()} />;
  if (!data) return <Nothing>Loading what the model saw.</Nothing>;
  return <Messages prompt={data} />;
}

function Messages({ prompt }: { prompt: Prompt }) {
  const parts = prompt.messages.flatMap((message) => message.content);
  const numbers = new Map(
    parts.filter((part): part is ImagePart => part.type === 'image').map((part, index) => [part, index + 1]),
  );
  return (
    <div className="flex flex-col" data-testid="prompt">
      <p className="border-b px-3 py-2 text-xs text-muted">{caption(prompt)}</p>
      {prompt.instructions && (
        <Message role="instructions">
          <Text text={prompt.instructions} />
        </Message>
      )}
      {prompt.messages.map((message, index) => (
        <Message key={index} role={message.role}>
          {message.content.map((part, at) => (
            <Part key={at} part={part} number={part.type === 'image' ? numbers.get(part)! : 0} />
          ))}
        </Message>
      ))}
    </div>
  );
}

function caption({ template }: Prompt): string {
  if (!template) return 'What the model saw, as sent.';
  const { set, name, version } = template;
  return `What the model saw, as sent: the template "${name}" of the prompt set "${set}", version ${version}.`;
}

function Message({ role, children }: { role: string; children: React.ReactNode }) {
  return (
    <section aria-label={role} className="flex flex-col gap-2 border-b p-3">
      <h3 className="text-xs font-semibold">{role}</h3>
      {children}
    </section>
  );
}

function Part({ part, number }: { part: MessagePart; number: number }) {
  if (part.type === 'text') return <Text text={part.text} />;
  return (
    <figure className="m-0">
      <div className="flex w-fit max-w-full bg-surround p-1">
        <img
          src={blobUrl(part.image)}
          alt={`Image ${number} of the prompt, ${part.width} by ${part.height} pixels`}
          width={part.width}
          height={part.height}
          loading="lazy"
          className="h-auto max-h-96 w-auto max-w-full object-contain"
        />
      </div>
      <figcaption className="tabular mt-0.5 text-xs text-muted">
        Image {number}, sent as {formatSize(part)} px {part.mediaType}
      </figcaption>
    </figure>
  );
}

function Text({ text }: { text: string }) {
  return <pre className="font-mono text-xs break-words whitespace-pre-wrap">{text}</pre>;
}
