// Sends the lines of a file with the bulk indexer of the official Go client, as documents with ids of
// their own: `go-bulk URL ID:KEY FILE`. Prints how many were acknowledged and how many failed.
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esutil"
)

func main() {
	text, err := os.ReadFile(os.Args[3])
	stopOn(err)
	client, err := elasticsearch.NewClient(elasticsearch.Config{
		Addresses:           []string{os.Args[1]},
		APIKey:              base64.StdEncoding.EncodeToString([]byte(os.Args[2])),
		CompressRequestBody: true,
		RetryOnStatus:       []int{429, 502, 503, 504},
		MaxRetries:          100,
		RetryBackoff:        func(int) time.Duration { return 100 * time.Millisecond },
	})
	stopOn(err)
	indexer, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{
		Client: client, Index: "logs", NumWorkers: 2, FlushBytes: 200_000,
	})
	stopOn(err)
	for number, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		body, err := json.Marshal(map[string]string{"@timestamp": "2026-11-21T04:38:16Z", "message": line})
		stopOn(err)
		err = indexer.Add(context.Background(), esutil.BulkIndexerItem{
			Action:     "create",
			DocumentID: fmt.Sprintf("go-%d", number),
			Body:       bytes.NewReader(body),
		})
		stopOn(err)
	}
	stopOn(indexer.Close(context.Background()))
	stats := indexer.Stats()
	fmt.Printf("%d %d\n", stats.NumFlushed, stats.NumFailed)
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
