// Sends events with Elastic's own Lumberjack client, as Beats do: `go-lumberjack HOST:PORT COUNT LEVEL`.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
)

func main() {
	count, err := strconv.Atoi(os.Args[2])
	stopOn(err)
	level, err := strconv.Atoi(os.Args[3])
	stopOn(err)
	client, err := lumber.SyncDial(os.Args[1], lumber.CompressionLevel(level), lumber.Timeout(30*time.Second))
	stopOn(err)
	sent := 0
	for sent < count {
		var batch []interface{}
		for number := sent; number < count && len(batch) < 50; number++ {
			batch = append(batch, map[string]interface{}{
				"@timestamp": "2026-11-21T04:38:16.000Z",
				"@metadata":  map[string]string{"beat": "filebeat", "type": "_doc"},
				"message":    fmt.Sprintf("beat %d äöü", number),
			})
		}
		done, err := client.Send(batch)
		stopOn(err)
		sent += done
	}
	fmt.Println(sent)
	stopOn(client.Close())
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
