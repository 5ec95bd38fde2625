using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace StatusMonitor.Gateway;

/// <summary>
/// The built dashboard: files compressed by its build, named by their content's hash and therefore cached for good, all but the page itself. Paths
/// of the dashboard's own pages get that page.
/// </summary>
internal sealed class DashboardFiles
{
    private static readonly (string Extension, string Encoding)[] Packed = [(".br", "br"), (".gz", "gzip")];
    private readonly FrozenDictionary<string, DashboardFile> _files;

    public DashboardFiles(ServerOptions options)
    {
        var types = new FileExtensionContentTypeProvider();
        var root = Path.GetFullPath(options.Dashboard);
        var paths = Directory.Exists(root) ? Directory.GetFiles(root, "*", SearchOption.AllDirectories) : [];
        _files = paths
            .Where(path => !Packed.Any(packed => path.EndsWith(packed.Extension, StringComparison.Ordinal) && paths.Contains(path[..^3])))
            .ToFrozenDictionary(
                path => "/" + Path.GetRelativePath(root, path).Replace('\\', '/'),
                path => new DashboardFile(path, types.TryGetContentType(path, out var type) ? type : "application/octet-stream", paths));
    }

    /// <summary>The file of a path, or the page if a person's browser asks for a path of its own. The root is the page whoever asks: probes and scripts try it.</summary>
    public DashboardFile? Find(HttpRequest request)
    {
        var path = request.Path.Value!;
        if (_files.TryGetValue(path, out var file)) return file;

        var isPage = path == "/" || request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            && !path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/assets/", StringComparison.Ordinal);
        return isPage ? _files.GetValueOrDefault("/index.html") : null;
    }

    internal sealed class DashboardFile
    {
        private readonly string _path;
        private readonly string _type;
        private readonly (string Path, string Encoding)[] _packed;
        private readonly EntityTagHeaderValue _tag;
        private readonly bool _isHashed;

        public DashboardFile(string path, string type, string[] paths)
        {
            _path = path;
            _type = type.StartsWith("text/", StringComparison.Ordinal) ? $"{type}; charset=utf-8" : type;
            _packed = [.. Packed.Where(packed => paths.Contains(path + packed.Extension)).Select(packed => (path + packed.Extension, packed.Encoding))];
            _tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)).AsSpan(0, 12))}\"");
            _isHashed = Path.GetFileName(Path.GetDirectoryName(path)) == "assets";
        }

        public async Task SendAsync(HttpContext context)
        {
            var (request, response) = (context.Request, context.Response);
            response.Headers.ETag = _tag.ToString();
            response.Headers.CacheControl = _isHashed ? "public, max-age=31536000, immutable" : "no-cache";
            response.Headers.Vary = "Accept-Encoding";
            response.Headers.ContentSecurityPolicy = SecurityHeaders.PageContent;
            if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(_tag, useStrongComparison: false)))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            var accepted = request.GetTypedHeaders().AcceptEncoding.Where(coding => coding.Quality is not 0).Select(coding => coding.Value.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var (path, encoding) = _packed.FirstOrDefault(packed => accepted.Contains(packed.Encoding), (Path: _path, Encoding: ""));
            if (encoding.Length > 0) response.Headers.ContentEncoding = encoding;
            response.ContentType = _type;
            response.ContentLength = new FileInfo(path).Length;
            if (HttpMethods.IsGet(request.Method)) await response.SendFileAsync(path, context.RequestAborted);
        }
    }
}

internal static class DashboardRouting
{
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var files = routes.ServiceProvider.GetRequiredService<DashboardFiles>();
        routes.MapMethods("{*path}", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(context =>
        {
            if (files.Find(context.Request) is { } file) return file.SendAsync(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        })).WithOrder(int.MaxValue);
    }
}
