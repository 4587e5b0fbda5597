-- SPDX-License-Identifier: Apache-2.0
-- For wrk: pushes one package after the other out of the file PUSH_FILE (see packages.py), from number PUSH_SKIP on.
local file = assert(io.open(os.getenv("PUSH_FILE"), "rb"))
local headers = { ["Content-Type"] = "application/gzip" }

local function size()
  local bytes = file:read(4)
  if not bytes then return nil end
  local a, b, c, d = bytes:byte(1, 4)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local function skip_text()
  local bytes = size()
  if bytes then file:seek("cur", bytes) end
  return bytes
end

for _ = 1, 2 * tonumber(os.getenv("PUSH_SKIP") or "0") do skip_text() end

request = function()
  if not skip_text() then  -- the name
    wrk.thread:stop()
    return wrk.format("GET", "/no-package-is-left")  -- counted as an error, so that it is noticed
  end
  return wrk.format("POST", "/api/charts", headers, file:read(size()))
end
