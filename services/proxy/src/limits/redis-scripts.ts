/**
 * The same arithmetic as in `limit-store.ts`, in Redis, so that all limits of a request are looked at and counted in one
 * step and one round trip. Keys come in pairs: a hash with the amounts of a subject, and a sorted set of its leases by the
 * time they end. Amounts go as text: Lua's numbers would be cut to whole ones.
 */
const functions = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function left(key, field, limit)
  if limit <= 0 then return 0 end
  local stored = redis.call('HMGET', key, field, field .. ':at')
  local amount, at = tonumber(stored[1]), tonumber(stored[2])
  if not amount or not at then return 0 end
  return math.max(0, amount - math.max(0, now - at) * limit / 60000)
end
local function keep(key, field, amount, limit)
  redis.call('HSET', key, field, string.format('%.6f', amount), field .. ':at', now)
  local life = math.ceil(amount / limit * 60000) + 60000
  if redis.call('PTTL', key) < life then redis.call('PEXPIRE', key, life) end
end
`;

/**
 * Arguments: lease (empty for none), its life in milliseconds, tokens, and of each subject its requests and tokens per
 * minute and its places. Answers 1 when the request is counted and 0 when not, and of each subject requests, tokens and
 * places used before it.
 */
export const takeScript = `${functions}
local lease, life, tokens = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local answer, free = {}, true
local function limitsOf(index)
  local first = 4 + (index - 1) * 3
  return tonumber(ARGV[first]), tonumber(ARGV[first + 1]), tonumber(ARGV[first + 2])
end
local count = #KEYS / 2
local before = {}
for index = 1, count do
  local key, places = KEYS[index * 2 - 1], KEYS[index * 2]
  local rpm, tpm, most = limitsOf(index)
  local used = { left(key, 'requests', rpm), left(key, 'tokens', tpm), 0 }
  if most > 0 then
    redis.call('ZREMRANGEBYSCORE', places, '-inf', now)
    used[3] = redis.call('ZCARD', places)
  end
  if rpm > 0 and used[1] + 1 > rpm then free = false end
  if tpm > 0 and tokens > 0 and used[2] + tokens > tpm then free = false end
  if most > 0 and lease ~= '' and used[3] + 1 > most then free = false end
  before[index] = used
end
answer[1] = free and '1' or '0'
for index = 1, count do
  local key, places = KEYS[index * 2 - 1], KEYS[index * 2]
  local rpm, tpm, most = limitsOf(index)
  local used = before[index]
  for part = 1, 3 do answer[#answer + 1] = string.format('%.6f', used[part]) end
  if free then
    if rpm > 0 then keep(key, 'requests', used[1] + 1, rpm) end
    if tpm > 0 and tokens > 0 then keep(key, 'tokens', used[2] + tokens, tpm) end
    if most > 0 and lease ~= '' then
      redis.call('ZADD', places, now + life, lease)
      redis.call('PEXPIRE', places, life)
    end
  end
end
return answer
`;

/** Arguments: lease, tokens to add (less than 0 to give back), and of each subject its tokens per minute. */
export const settleScript = `${functions}
local lease, change = ARGV[1], tonumber(ARGV[2])
for index = 1, #KEYS / 2 do
  local key, tpm = KEYS[index * 2 - 1], tonumber(ARGV[2 + index])
  if tpm > 0 and change ~= 0 then keep(key, 'tokens', math.max(0, left(key, 'tokens', tpm) + change), tpm) end
  if lease ~= '' then redis.call('ZREM', KEYS[index * 2], lease) end
end
`;

/** Arguments: the leases' life in milliseconds, and the leases, one for each key. */
export const renewScript = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local life = tonumber(ARGV[1])
for index = 1, #KEYS do
  redis.call('ZADD', KEYS[index], now + life, ARGV[index + 1])
  redis.call('PEXPIRE', KEYS[index], life)
end
`;
