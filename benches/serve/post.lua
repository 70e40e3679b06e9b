-- Posts the file named by BODY; without one, gets the address.
local name = os.getenv("BODY")
if name and #name > 0 then
  local file = assert(io.open(name))
  wrk.method, wrk.body = "POST", file:read("*a")
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept"] = "application/json"
end
