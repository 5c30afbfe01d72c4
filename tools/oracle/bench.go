package main

import (
	"context"
	"time"

	"github.com/pulumi/esc/eval"
)

type benchRequest struct {
	Rounds    int `json:"rounds"`
	OpenDelay int `json:"openDelay"` // milliseconds
	LoadDelay int `json:"loadDelay"` // milliseconds
}

// runBench opens the environment of the files some times, and answers the milliseconds of each: parsing included.
func runBench(bench benchRequest, files map[string][]byte) any {
	milliseconds := []float64{}
	host := doubles{
		files:     files,
		openDelay: time.Duration(bench.OpenDelay) * time.Millisecond,
		loadDelay: time.Duration(bench.LoadDelay) * time.Millisecond,
	}
	for round := 0; round < bench.Rounds; round++ {
		started := time.Now()
		declaration, diagnostics, err := eval.LoadYAMLBytes("env", files["env"])
		if err != nil || diagnostics.HasErrors() {
			panic("the environment has errors")
		}
		_, diagnostics = eval.EvalEnvironment(context.Background(), "env", declaration, rot128{}, host, host, newContext())
		if diagnostics.HasErrors() {
			panic(diagnostics.Error())
		}
		milliseconds = append(milliseconds, float64(time.Since(started).Microseconds())/1000)
	}
	return map[string]any{"milliseconds": milliseconds}
}
