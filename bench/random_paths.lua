-- Asks for paths at random. Each line of the file named first holds a cookie (or "-"), a tab, and the paths asked for with it.
local lines = {}

function init(args)
  math.randomseed(tonumber(args[2]))
  for line in io.lines(args[1]) do
    local cookie, rest = line:match("^(.-)\t(.*)$")
    local requests = {}
    for path in rest:gmatch("%S+") do
      local headers = { ["Accept-Encoding"] = "gzip, deflate, br", ["Accept"] = "text/html" }
      if cookie ~= "-" then headers["Cookie"] = cookie end
      requests[#requests + 1] = wrk.format("GET", path, headers)
    end
    lines[#lines + 1] = requests
  end
end

function request()
  local requests = lines[math.random(#lines)]
  return requests[math.random(#requests)]
end
