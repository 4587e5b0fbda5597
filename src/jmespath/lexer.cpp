// SPDX-License-Identifier: Apache-2.0
#include "jmespath/lexer.hpp"

#include <boost/json/parse.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

namespace chartmuseum::jmespath {
namespace {

constexpr std::string_view white_space = " \t\r\n";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool begins_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_identifier(char c) {
  return begins_identifier(c) || is_digit(c);
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::expected<std::vector<Token>, CompileError> run() {
    std::vector<Token> tokens;
    for (;;) {
      at_ = std::min(text_.find_first_not_of(white_space, at_), text_.size());
      auto token = next();
      if (!token) return std::unexpected(std::move(token.error()));
      tokens.push_back(*std::move(token));
      if (tokens.back().kind == Token::Kind::end) return tokens;
    }
  }

 private:
  using Result = std::expected<Token, CompileError>;

  Result next() {
    if (at_ == text_.size()) return token(Token::Kind::end);
    const char c = text_[at_];
    if (begins_identifier(c)) return identifier();
    if (is_digit(c) || c == '-') return number();
    if (c == '\'') return raw_string();
    if (c == '"') return quoted_identifier();
    if (c == '`') return literal();
    return sign();
  }

  Token token(Token::Kind kind) const {
    Token result;
    result.kind = kind;
    result.offset = at_;
    return result;
  }

  static Result refuse(std::size_t offset, std::string message) {
    return std::unexpected(CompileError{CompileError::Kind::syntax, std::move(message), offset});
  }

  Result sign() {
    // Longer spellings first.
    static constexpr std::pair<std::string_view, Token::Kind> signs[] = {
        {"||", Token::Kind::logical_or},
        {"&&", Token::Kind::logical_and},
        {"==", Token::Kind::equal},
        {"!=", Token::Kind::not_equal},
        {"<=", Token::Kind::less_or_equal},
        {">=", Token::Kind::greater_or_equal},
        {"[]", Token::Kind::flatten},
        {"[?", Token::Kind::filter},
        {"|", Token::Kind::pipe},
        {"!", Token::Kind::logical_not},
        {"<", Token::Kind::less},
        {">", Token::Kind::greater},
        {"&", Token::Kind::ampersand},
        {"[", Token::Kind::left_bracket},
        {"]", Token::Kind::right_bracket},
        {"{", Token::Kind::left_brace},
        {"}", Token::Kind::right_brace},
        {"(", Token::Kind::left_parenthesis},
        {")", Token::Kind::right_parenthesis},
        {"*", Token::Kind::star},
        {"@", Token::Kind::current},
        {".", Token::Kind::dot},
        {",", Token::Kind::comma},
        {":", Token::Kind::colon},
    };
    const std::string_view rest = text_.substr(at_);
    for (const auto& [spelling, kind] : signs) {
      if (!rest.starts_with(spelling)) continue;
      Token result = token(kind);
      at_ += spelling.size();
      return result;
    }
    if (rest.front() == '=') return refuse(at_, "'=' compares nothing; write '=='");
    if (rest.front() == '$') {
      return refuse(at_, "a placeholder stands within quotes: write '$NAME', not $NAME");
    }
    const bool printable = rest.front() > ' ' && rest.front() <= '~';
    return refuse(at_, printable ? "'" + std::string(1, rest.front()) + "' begins nothing here"
                                 : "a character that may only stand within quotes");
  }

  Result identifier() {
    Token result = token(Token::Kind::identifier);
    while (at_ < text_.size() && continues_identifier(text_[at_])) ++at_;
    result.text = text_.substr(result.offset, at_ - result.offset);
    return result;
  }

  Result number() {
    Token result = token(Token::Kind::number);
    const bool negative = text_[at_] == '-';
    if (negative) ++at_;
    const std::size_t digits = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (at_ == digits) return refuse(result.offset, "expected a digit behind '-'");
    const char* begin = text_.data() + result.offset;
    const auto [end, error] = std::from_chars(begin, text_.data() + at_, result.number);
    // No list is that long, so the nearest number says the same.
    if (error == std::errc::result_out_of_range) {
      result.number = negative ? std::numeric_limits<std::int64_t>::min()
                               : std::numeric_limits<std::int64_t>::max();
    }
    return result;
  }

  /// Takes what stands between two of `quote`, without them; a backslash keeps the character behind
  /// it from ending the text.
  std::expected<std::string_view, CompileError> between(char quote) {
    const std::size_t opening = at_++;
    while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ >= text_.size()) {
      return std::unexpected(CompileError{CompileError::Kind::syntax,
                                          "this " + std::string(1, quote) + " is never closed",
                                          opening});
    }
    const std::string_view inner = text_.substr(opening + 1, at_ - opening - 1);
    ++at_;
    return inner;
  }

  /// `text` with the backslashes before `quote` gone; all others stay.
  static std::string without_escapes_of(std::string_view text, char quote) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\' && i + 1 < text.size()) {
        if (text[i + 1] != quote) result += '\\';
        ++i;
      }
      result += text[i];
    }
    return result;
  }

  Result raw_string() {
    Token result = token(Token::Kind::raw_string);
    const auto inner = between('\'');
    if (!inner) return std::unexpected(inner.error());
    result.text = without_escapes_of(*inner, '\'');
    return result;
  }

  Result quoted_identifier() {
    Token result = token(Token::Kind::quoted_identifier);
    const auto inner = between('"');
    if (!inner) return std::unexpected(inner.error());
    auto parsed = parse_json(text_.substr(result.offset, at_ - result.offset), result.offset);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    result.text = parsed->as_string();
    return result;
  }

  Result literal() {
    Token result = token(Token::Kind::literal);
    const auto inner = between('`');
    if (!inner) return std::unexpected(inner.error());
    auto parsed = parse_json(without_escapes_of(*inner, '`'), result.offset);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    result.literal = *std::move(parsed);
    return result;
  }

  static std::expected<boost::json::value, CompileError> parse_json(std::string_view text,
                                                                    std::size_t offset) {
    boost::system::error_code error;
    boost::json::value value =
        boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
    if (!error) return value;
    return std::unexpected(CompileError{
        CompileError::Kind::syntax, "not JSON between these quotes: " + error.message(), offset});
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view name_of(Token::Kind kind) {
  switch (kind) {
    case Token::Kind::identifier:
      return "an identifier";
    case Token::Kind::quoted_identifier:
      return "a quoted identifier";
    case Token::Kind::raw_string:
      return "a raw string";
    case Token::Kind::literal:
      return "a JSON literal";
    case Token::Kind::number:
      return "a number";
    case Token::Kind::star:
      return "'*'";
    case Token::Kind::current:
      return "'@'";
    case Token::Kind::dot:
      return "'.'";
    case Token::Kind::comma:
      return "','";
    case Token::Kind::colon:
      return "':'";
    case Token::Kind::pipe:
      return "'|'";
    case Token::Kind::logical_or:
      return "'||'";
    case Token::Kind::logical_and:
      return "'&&'";
    case Token::Kind::logical_not:
      return "'!'";
    case Token::Kind::equal:
      return "'=='";
    case Token::Kind::not_equal:
      return "'!='";
    case Token::Kind::less:
      return "'<'";
    case Token::Kind::less_or_equal:
      return "'<='";
    case Token::Kind::greater:
      return "'>'";
    case Token::Kind::greater_or_equal:
      return "'>='";
    case Token::Kind::ampersand:
      return "'&'";
    case Token::Kind::left_bracket:
      return "'['";
    case Token::Kind::flatten:
      return "'[]'";
    case Token::Kind::filter:
      return "'[?'";
    case Token::Kind::right_bracket:
      return "']'";
    case Token::Kind::left_brace:
      return "'{'";
    case Token::Kind::right_brace:
      return "'}'";
    case Token::Kind::left_parenthesis:
      return "'('";
    case Token::Kind::right_parenthesis:
      return "')'";
    case Token::Kind::end:
      return "the end of the expression";
  }
  return "";
}

std::expected<std::vector<Token>, CompileError> tokenize(std::string_view expression) {
  return Lexer(expression).run();
}

}  // namespace chartmuseum::jmespath
