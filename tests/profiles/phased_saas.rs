//! The audit of a SaaS product against phases 11 to 20 of its roadmap: most layers are there, notification settings are
//! messages, the sidebar knows flags of its own, and files were left behind.

mod tree;

use super::Audit;
use tree::TREE;

fn audit() -> Audit {
    Audit::of(include_str!("../../examples/phased-saas.yaml"), TREE, "2025-10-17")
}

#[test]
fn the_defects_and_the_gaps_are_found_where_they_are() {
    let audit = audit();
    audit.finds(&[
        // Defects.
        ("frontend.routes-well-formed", "frontend/src/App.jsx:23"),
        ("frontend.no-stubbed-pages", "frontend/src/pages/Notifications.jsx:2"),
        ("frontend.calls-match-backend", "frontend/src/pages/AlertSettings.jsx:4"),
        ("frontend.no-placeholder-glyphs", "frontend/src/pages/NotificationHistory.jsx:5"),
        // Structure.
        ("product.notification-preferences-model", "backend/app/models/notification_setting.py:6"),
        ("product.notification-throttle-digest", ""),
        ("api.preferences-crud", ""),
        ("api.feature-flags-endpoint", ""),
        ("frontend.feature-flags-hydrated", ""),
        ("frontend.pages-reachable", "frontend/src/pages/AlertSettings.jsx"),
        ("frontend.audit-log-viewer", ""),
        ("hygiene.no-duplicate-files", "frontend/src/services/userService.js-1"),
        ("hygiene.no-patch-leftovers", "backend/app/main.py.PATCH_S17"),
        ("observability.domain-counters", ""),
        ("observability.dashboards-match-metrics", "observability/grafana/dashboards/overview.json:1"),
        // Phases.
        ("roadmap.audit-log", ""),
        ("roadmap.retention", ""),
        ("db.delivery-log-correlated", ""),
        ("secrets.provider-credential-policy", "backend/app/models/areas.py:51"),
        ("jobs.feed-sync-scheduled", ""),
        ("product.document-pdf", ""),
        ("product.csv-export", ""),
    ]);
    assert_eq!(audit.missing_parts("roadmap.audit-log"), ["page"]);
    assert_eq!(audit.missing_parts("roadmap.retention"), ["purge job"]);
}

#[test]
fn what_is_present_is_in_order() {
    audit().praises(&[
        ("roadmap.integrity", ""),
        ("roadmap.threat-intelligence", ""),
        ("roadmap.billing", ""),
        ("roadmap.cloud-discovery", ""),
        ("frontend.pages-cover-roadmap", ""),
        ("tenancy.client-sends-tenant", ""),
        ("tenancy.admin-only-switcher", ""),
        ("db.model-tables-have-migrations", ""),
        ("db.single-migration-head", "backend/alembic/versions/t_002_areas.py:4"),
        ("db.retention-policy-modelled", "backend/app/models/areas.py:37"),
        ("auth.authentication-enforced", "backend/app/routes/auth.py:7"),
        ("observability.metrics-endpoint", "backend/app/main.py:2"),
        ("observability.latency-metrics", "backend/app/observability/metrics.py:6"),
        ("observability.scrape-config-matches", "observability/prometheus.yml:5"),
        ("observability.dashboards-provisioned", "observability/grafana/dashboards/overview.json:1"),
        ("deployment.compose-present", "docker-compose.yml"),
        ("docs.roadmap-present", "docs/ROADMAP.md"),
    ]);
}

#[test]
fn the_model_of_notifications_is_a_decision_that_others_wait_for() {
    let audit = audit();
    audit.asks(&["product.notification-model-decided", "frontend.build-passes", "security.audit-logging"]);
    assert_eq!(audit.blocked_by("product.notification-preferences-model"), ["product.notification-model-decided"]);
    assert_eq!(audit.blocked_by("api.preferences-crud"), ["product.notification-preferences-model"]);
}

#[test]
fn nothing_that_a_pilot_needs_but_a_pipeline_fails_it() {
    let audit = audit();
    audit.rules(&[("pilot", "no-go"), ("standard", "no-go"), ("enterprise", "no-go")]);
    assert_eq!(audit.report["verdicts"][0]["failing"], serde_json::json!(["ci.pipeline-exists"]));
}
