// The oracle answers with the reference evaluator of the ESC language: one JSON request per line on standard input, one
// JSON answer per line on standard output. Texts travel in base64, since they need not be UTF-8.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

type request struct {
	Op        string            `json:"op"`
	Name      string            `json:"name"`
	Files     map[string][]byte `json:"files"`
	Overrides overrides         `json:"overrides"`
	Source    []byte            `json:"source"`
	Patches   json.RawMessage   `json:"patches"`
	Bench     benchRequest      `json:"bench"`
}

func main() {
	// A document that never ends must not take the machine with it.
	debug.SetMaxStack(256 << 20)
	debug.SetMemoryLimit(4 << 30)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	decoder := json.NewDecoder(in)
	for {
		var req request
		if err := decoder.Decode(&req); err != nil {
			return
		}
		answer, err := json.Marshal(answerSafely(req))
		if err != nil {
			answer, _ = json.Marshal(map[string]string{"error": err.Error()})
		}
		_, _ = out.Write(append(answer, '\n'))
		_ = out.Flush()
	}
}

func answerSafely(req request) (answer any) {
	defer func() {
		if fault := recover(); fault != nil {
			answer = map[string]string{"panic": fmt.Sprint(fault)}
		}
	}()
	switch req.Op {
	case "case":
		return runCase(req)
	case "encrypt", "decrypt", "patch":
		return rewrite(req)
	case "bench":
		return runBench(req.Bench, req.Files)
	default:
		return map[string]string{"error": "unknown op " + req.Op}
	}
}
