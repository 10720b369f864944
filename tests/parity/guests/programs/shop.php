<?php
// Reads orders, groups them, writes a page; folders, renaming, regular expressions, JSON, dates.
$orders = json_decode(file_get_contents('/workspace/orders.json'), true, 16, JSON_THROW_ON_ERROR);
$totals = [];
foreach ($orders as ['who' => $who, 'items' => $items]) {
    foreach ($items as $name => $price) {
        $totals[$who] = ($totals[$who] ?? 0) + $price;
        $names[] = $name;
    }
}
ksort($totals);
mkdir('/workspace/site/pages', 0777, true);
foreach ($totals as $who => $total) {
    $file = '/workspace/site/pages/' . preg_replace('/\W+/u', '-', strtolower($who)) . '.html';
    file_put_contents($file, sprintf("<h1>%s</h1>\n<p>%'010.2f</p>\n", htmlspecialchars($who), $total));
    file_put_contents('/workspace/site/index.txt', "$file\n", FILE_APPEND);
}
rename('/workspace/site/index.txt', '/workspace/site/all.txt');
symlink('all.txt', '/workspace/site/latest.txt');
echo PHP_VERSION, ' ', json_encode($totals, JSON_UNESCAPED_UNICODE), "\n";
echo implode(' ', array_unique(array_map('ucfirst', $names))), "\n";
print_r(scandir('/workspace/site/pages'));
echo filesize('/workspace/site/all.txt'), ' ', md5_file('/workspace/site/latest.txt'), ' ', date('c', 86400 * 365), "\n";
usort($orders, fn ($a, $b) => strcmp($b['who'], $a['who']));
echo $orders[0]['who'], ' ', crc32('ü'), ' ', 7 <=> 3, ' ', intdiv(-7, 2), ' ', 0.1 + 0.2, "\n";
echo @file_get_contents('/workspace/none') === false ? "none\n" : "there\n";
unlink('/workspace/orders.json');
exit(3);
