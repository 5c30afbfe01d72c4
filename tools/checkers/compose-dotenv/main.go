// Reads a dotenv file as Docker Compose does, and prints its variables as JSON.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

func main() {
	variables, err := dotenv.Parse(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(variables); err != nil {
		log.Fatal(err)
	}
}
