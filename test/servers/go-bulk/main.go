// Sends documents with the bulk indexer of the official Go client: `go-bulk URL ID:KEY COUNT`.
package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esutil"
)

func main() {
	count, err := strconv.Atoi(os.Args[3])
	stopOn(err)
	client, err := elasticsearch.NewClient(elasticsearch.Config{
		Addresses: []string{os.Args[1]},
		APIKey:    base64.StdEncoding.EncodeToString([]byte(os.Args[2])),
	})
	stopOn(err)
	indexer, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{Client: client, Index: "logs", NumWorkers: 2})
	stopOn(err)
	for number := 0; number < count; number++ {
		err = indexer.Add(context.Background(), esutil.BulkIndexerItem{
			Action:     "create",
			DocumentID: fmt.Sprintf("go-%d", number),
			Body:       strings.NewReader(fmt.Sprintf(`{"@timestamp":"2026-11-21T04:38:16Z","message":"go %d äöü"}`, number)),
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
