import { isObject, type JsonObject } from '../json.ts';

function nameOf(tool: unknown): unknown {
  return isObject(tool) && isObject(tool.function) ? tool.function.name : undefined;
}

/**
 * A chat whose `tool_choice` allows some of its tools (`allowed_tools`) as one that has no others, for providers that know
 * no such choice; any other chat unchanged.
 */
export function keepAllowedTools(body: JsonObject): JsonObject {
  const { tool_choice: choice, tools } = body;
  if (!isObject(choice) || choice.type !== 'allowed_tools' || !isObject(choice.allowed_tools)) return body;
  const { mode, tools: allowed } = choice.allowed_tools;
  const names = (Array.isArray(allowed) ? allowed : []).map(nameOf);
  const kept = (Array.isArray(tools) ? tools : []).filter((tool) => names.includes(nameOf(tool)));
  return { ...body, tools: kept, tool_choice: mode === 'required' ? 'required' : 'auto' };
}
