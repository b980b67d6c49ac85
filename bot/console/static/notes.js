// Lives beside the pages so that phones show their notes; a tap on one leads back to a page.
"use strict";

self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  const windows = self.clients.matchAll({ type: "window", includeUncontrolled: true });
  event.waitUntil(
    windows.then(function (open) {
      const page = open.find(function (each) {
        return new URL(each.url).pathname.startsWith("/console");
      });
      return page ? page.focus() : self.clients.openWindow("/console");
    })
  );
});
