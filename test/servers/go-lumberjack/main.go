// Sends the lines of a file with Elastic's own Lumberjack client, as Beats do, by TLS where certificates
// are named: `go-lumberjack HOST:PORT FILE LEVEL TIMEOUT_SECONDS [CA CERTIFICATE KEY]`. Prints how many
// were acknowledged.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
)

func main() {
	text, err := os.ReadFile(os.Args[2])
	stopOn(err)
	level, err := strconv.Atoi(os.Args[3])
	stopOn(err)
	seconds, err := strconv.Atoi(os.Args[4])
	stopOn(err)
	client, err := lumber.SyncDialWith(dialer(), os.Args[1],
		lumber.CompressionLevel(level), lumber.Timeout(time.Duration(seconds)*time.Second))
	stopOn(err)
	sent := 0
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for sent < len(lines) {
		var batch []interface{}
		for _, line := range lines[sent:min(sent+200, len(lines))] {
			batch = append(batch, map[string]interface{}{
				"@timestamp": "2026-11-21T04:38:16.000Z",
				"@metadata":  map[string]string{"beat": "filebeat", "type": "_doc", "version": "8.19.0"},
				"agent":      map[string]string{"type": "filebeat", "version": "8.19.0"},
				"ecs":        map[string]string{"version": "8.0.0"},
				"message":    line,
			})
		}
		done, err := client.Send(batch)
		stopOn(err)
		sent += done
	}
	fmt.Println(sent)
	stopOn(client.Close())
}

func dialer() func(network, address string) (net.Conn, error) {
	if len(os.Args) < 8 {
		return net.Dial
	}
	authority, err := os.ReadFile(os.Args[5])
	stopOn(err)
	certificate, err := tls.LoadX509KeyPair(os.Args[6], os.Args[7])
	stopOn(err)
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(authority)
	config := &tls.Config{RootCAs: authorities, Certificates: []tls.Certificate{certificate}, ServerName: "localhost"}
	return func(network, address string) (net.Conn, error) { return tls.Dial(network, address, config) }
}

func stopOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
