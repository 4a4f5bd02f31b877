// A plain Vendure without its dashboard: API and jobs in one process.
const { bootstrap, DefaultJobQueuePlugin, DefaultLogger, JobQueueService, LogLevel } = require("@vendure/core")

bootstrap({
  apiOptions: { hostname: "127.0.0.1", port: +process.env.PORT, adminApiPath: "admin-api" },
  authOptions: {
    tokenMethod: ["bearer", "api-key"],
    superadminCredentials: { identifier: "owner", password: "of-the-tests" },
    cookieOptions: { secret: "of-the-tests" },
  },
  dbConnectionOptions: {
    type: "postgres",
    host: "127.0.0.1",
    port: +process.env.DATABASE_PORT,
    username: process.env.DATABASE_USER,
    database: process.env.DATABASE,
    synchronize: true,
    migrations: [],
  },
  logger: new DefaultLogger({ level: LogLevel.Warn }),
  paymentOptions: { paymentMethodHandlers: [] },
  plugins: [DefaultJobQueuePlugin.init({})],
}).then(
  shop => shop.get(JobQueueService).start(),
  error => {
    console.error(error)
    process.exit(1)
  },
)
